"""Who may be named as the maître d'œuvre and the maître d'ouvrage of works: one rule for every way in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE
from plainchant.einvoice.codes.works import ACTOR_NAMES, WORKS_PIECE_OF, WorksActor
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.identifiers import IdentifierError, clean_siret
from plainchant.portal.codes import make_finding
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.queries import notice_addresses, with_identifier

from .queries import last_dossier

MOE, MOA = "moe", "moa"  # fields of a form, columns of an invoice
_FIELD = {WorksActor.MOE: MOE, WorksActor.MOA: MOA}


@dataclass(frozen=True, kw_only=True)
class WorksActors:
    """Those whom a piece of works names: nobody for what is none."""

    moe: Structure | None = None
    moa: Structure | None = None


NOBODY = WorksActors()


def actors_named(
    *, moe: str, moa: str, cadre: str, type_code: str, seller: Structure, buyer: Structure | None, contract: str
) -> tuple[WorksActors, list[Finding]]:
    """The structures whose SIRET were typed, and why they cannot be. Of a cadre that is none of works: nobody.

    Where nothing was typed: those of the last dossier of the same contract; else the buyer is the maître d'ouvrage.
    """
    piece = WORKS_PIECE_OF.get(cadre)
    if piece is None or not piece.begins:
        return NOBODY, []
    known = last_dossier(seller=seller, buyer=buyer, contract=contract) if buyer is not None and seller.pk else None
    findings: list[Finding] = []
    if type_code == CREDIT_NOTE:
        message = (
            "Un avoir ne se fait pas sur des travaux : corrigez le montant dans votre prochain projet de décompte."
        )
        findings.append(make_finding("SAISIE-TRAVAUX-AVOIR", message, "type_code"))
    owner = (known.moa if known else buyer) if not moa.strip() else None
    if moa.strip():
        owner, wrong = actor_named(moa, part=WorksActor.MOA, seller=seller)
        findings += wrong
    elif owner is not None and (wrong_owner := why_not(owner, part=WorksActor.MOA, seller=seller)):
        findings.append(wrong_owner)
    if not piece.needs_moe:
        return WorksActors(moa=owner), findings
    manager = known.moe if known and not moe.strip() else None
    if manager is None:
        manager, wrong = actor_named(moe, part=WorksActor.MOE, seller=seller)
        findings += wrong
    return WorksActors(moe=manager, moa=owner), findings


def actor_named(
    text: str, *, part: WorksActor, seller: Structure, others: Iterable[Structure] = ()
) -> tuple[Structure | None, list[Finding]]:
    """The structure whose SIRET is ``text``, and why it cannot be: nobody here, the supplier itself, one of ``others``
    who said that they are not, or nobody would read of it.
    """
    field, name = _FIELD[part], ACTOR_NAMES[part]
    if not text.strip():
        message = f"Indiquez le SIRET de qui examine d’abord cette pièce de travaux : {name}."
        return None, [make_finding("SAISIE-TRAVAUX-ABSENT", message, field)]
    try:
        siret = clean_siret(text)
    except IdentifierError as error:
        return None, [make_finding("SAISIE-FORME", error.sentence, field)]
    structure = with_identifier(identifier=siret)
    if structure is None:
        message = f"Aucune structure du portail n’a le SIRET {siret}. Demandez le sien à qui est {name}."
        return None, [make_finding("SAISIE-TRAVAUX-INCONNU", message, field)]
    wrong = why_not(structure, part=part, seller=seller, others=others)
    return structure, [wrong] if wrong else []


def why_not(
    structure: Structure, *, part: WorksActor, seller: Structure, others: Iterable[Structure] = ()
) -> Finding | None:
    """Why this structure cannot be that actor; None if it can."""
    field, name = _FIELD[part], ACTOR_NAMES[part]
    if structure.pk == seller.pk:
        message = f"Vous ne pouvez pas être vous-même {name} de vos travaux. Indiquez le SIRET de qui l’est."
        return make_finding("SAISIE-TRAVAUX-SOI", message, field)
    if part is WorksActor.MOE and structure.is_works_authority_only:
        message = f"« {structure} » n’est que maître d’ouvrage. Indiquez le SIRET de qui est {name}."
        return make_finding("SAISIE-TRAVAUX-MOA-SEULE", message, field)
    if structure.pk in {other.pk for other in others}:
        message = f"« {structure} » vient de dire ne pas être {name}. Indiquez le SIRET d’une autre structure."
        return make_finding("SAISIE-TRAVAUX-DEJA", message, field)
    if not notice_addresses(structure=structure, right=Right.SEE_WORKS):
        message = (
            f"Personne de « {structure} », {name}, ne peut être averti : la structure n’a ni membre ni courriel ici. "
            "Demandez-lui de s’y inscrire, puis envoyez votre pièce."
        )
        return make_finding("SAISIE-TRAVAUX-INJOIGNABLE", message, field)
    return None
