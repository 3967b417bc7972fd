"""Which guide helps on which page: by the name of its route, or by how the name begins.

A page has the guide of the longest beginning that fits. `tests/web/help/test_every_page_has_help.py` reads all routes.
"""

from __future__ import annotations

from functools import cache

from .guide import Guide
from .guides import BY_SLUG

# Beginning of a route's name → the guide; the longest that fits.
_BY_NAME = {
    "home": "creer-un-compte",
    "pins": "suivre-une-facture",
    "searches": "suivre-une-facture",
    "account_": "proteger-son-compte",
    "account_signup": "creer-un-compte",
    "account_activat": "creer-un-compte",
    "account_resend": "creer-un-compte",
    "account_close": "fermer-son-compte",
    "account_data": "fermer-son-compte",
    "account_come_back": "fermer-son-compte",
    "account_inactive": "fermer-son-compte",
    "account_notifications": "suivre-une-facture",
    "stop_notices": "suivre-une-facture",
    "confirm_address": "proteger-son-compte",
    "stop_login_address": "proteger-son-compte",
    "mfa_": "proteger-son-compte",
    "openid_": "proteger-son-compte",
    "terms": "creer-un-compte",
    "structure": "fiche-structure",
    "structures_mine": "rejoindre-une-structure",
    "structures_add": "fiche-structure",
    "structure_people": "regler-les-espaces",
    "structure_invite": "regler-les-espaces",
    "structure_activity": "regler-les-espaces",
    "structure_demands": "traiter-une-facture",
    "structure_service": "regler-les-espaces",
    "structure_leave": "rejoindre-une-structure",
    "bank_account": "fiche-structure",
    "member": "regler-les-espaces",
    "space": "regler-les-espaces",
    "delegation": "agir-pour-un-client",
    "invitation": "rejoindre-une-structure",
    "commitment": "traiter-une-facture",
    "reason_text": "suspendre-recycler-rejeter",
    "library": "garder-ses-pieces",
    "directory": "trouver-le-destinataire",
    "verify": "verifier-sans-compte",
    "deposit": "deposer-une-facture",
    "drop": "deposer-une-facture",
    "entry": "saisir-une-facture",
    "mandate": "donner-un-mandat",
    "flows": "envoyer-plusieurs-factures",
    "issued": "suivre-une-facture",
    "issued_complete": "repondre-a-l-organisme",
    "issued_recycle": "repondre-a-l-organisme",
    "issued_name_validator": "repondre-a-l-organisme",
    "ticket": "poser-une-question",
    "open_figures": "comparer-les-delais",
    "works_": "factures-de-travaux",
    "validation_": "valider-un-sous-traitant",
    "program": "brancher-un-logiciel",
    "explorer": "brancher-un-logiciel",
    "application": "brancher-un-logiciel",
    "webhook": "brancher-un-logiciel",
    "received": "traiter-une-facture",
    "received_pay": "mettre-en-paiement",
    "received_process": "suspendre-recycler-rejeter",
}


@cache
def guide_for(route: str) -> Guide | None:
    """The guide of the page whose route has this name; None for one that nobody asked help for (a file, the help)."""
    fitting = [start for start in _BY_NAME if route.startswith(start)]
    return BY_SLUG[_BY_NAME[max(fitting, key=len)]] if fitting else None
