"""What every page's frame needs: the entries of the menu."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.queries import work_of
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import StructureNature
from plainchant.portal.structures.queries import reached


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    current: bool
    count: int | None = None


def navigation(request: HttpRequest) -> dict[str, object]:
    """The menu: a supplier's, a public body's, or both for a body that also invoices."""
    user = getattr(request, "user", None)
    entries: list[tuple[str, str, int | None]] = []
    if isinstance(user, User):
        actor = Actor(user)
        work = work_of(actor=actor)
        natures = set(reached(actor=actor, right=Right.SEE).values_list("nature", flat=True))
        if StructureNature.PUBLIC in natures:
            entries += [
                ("À traiter", "received_to_process", work.to_process),
                ("Factures reçues", "received_list", None),
            ]
        entries += [
            ("Déposer une facture", "deposit_start", None),
            ("Saisir une facture", "entry_start", None),
            ("Suivi", "issued_list", work.to_answer + work.drafts),
        ]
        entries += [("Annuaire", "directory_search", None), ("Mes structures", "structures_mine", None)]
    else:
        entries = [
            ("Vérifier une facture", "verify", None),
            ("Annuaire", "directory_search", None),
            ("Se connecter", "account_login", None),
            ("Créer un compte", "account_signup", None),
        ]
    here = request.path
    return {
        "nav_items": [
            NavItem(label=label, url=reverse(name), current=here == reverse(name), count=count or None)
            for label, name, count in entries
        ]
    }
