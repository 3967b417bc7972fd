"""Who may be named as the validator of an invoice: one rule for a sheet, a document, a flow and a correction."""

from __future__ import annotations

from collections.abc import Iterable

from plainchant.einvoice.codes.cadres import CADRE_OF
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.identifiers import IdentifierError, clean_siret
from plainchant.portal.codes import make_finding
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.queries import notice_addresses, with_identifier

FIELD = "validator"


def validator_named(
    text: str, *, cadre: str, seller: Structure, buyer: Structure | None, others: Iterable[Structure] = ()
) -> tuple[Structure | None, list[Finding]]:
    """The structure whose SIRET is ``text``, and why it cannot be: it is nobody here, a side of the invoice, one of
    ``others`` who have had their say, or nobody would read of it.
    """
    if not text.strip():
        who = CADRE_OF[cadre].validators[0]
        message = f"Indiquez le SIRET de qui valide cette facture avant l’acheteur : {who}."
        return None, [make_finding("SAISIE-VALIDEUR", message, FIELD)]
    try:
        siret = clean_siret(text)
    except IdentifierError as error:
        return None, [make_finding("SAISIE-FORME", error.sentence, FIELD)]
    validator = with_identifier(identifier=siret)
    if validator is None:
        message = (
            f"Aucune structure du portail n’a le SIRET {siret}. Vérifiez-le auprès de l’entreprise qui doit valider."
        )
        return None, [make_finding("SAISIE-VALIDEUR-INCONNU", message, FIELD)]
    wrong = why_not(validator, seller=seller, buyer=buyer, others=others)
    return validator, [wrong] if wrong else []


def why_not(
    validator: Structure, *, seller: Structure, buyer: Structure | None, others: Iterable[Structure] = ()
) -> Finding | None:
    """Why this structure cannot validate; None if it can."""
    if validator.pk == seller.pk:
        return make_finding(
            "SAISIE-VALIDEUR-SOI",
            "On ne valide pas sa propre facture. Indiquez le SIRET de l’autre entreprise.",
            FIELD,
        )
    if buyer is not None and validator.pk == buyer.pk:
        return make_finding(
            "SAISIE-VALIDEUR-ACHETEUR",
            f"« {validator} » est l’acheteur : il reçoit la facture après le valideur. "
            "Indiquez le SIRET de l’entreprise qui valide avant lui.",
            FIELD,
        )
    if validator.pk in {other.pk for other in others}:
        return make_finding(
            "SAISIE-VALIDEUR-DEJA",
            f"« {validator} » est déjà le valideur de cette facture. Indiquez le SIRET d’une autre entreprise.",
            FIELD,
        )
    if not notice_addresses(structure=validator, right=Right.SEE_VALIDATION):
        return make_finding(
            "SAISIE-VALIDEUR-INJOIGNABLE",
            f"Personne de « {validator} » ne peut être averti : la structure n’a ni membre ni courriel ici. "
            "Demandez-lui de s’y inscrire, puis envoyez votre facture.",
            FIELD,
        )
    return None
