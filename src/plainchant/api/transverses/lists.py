"""`recuperer/…`: the lists of codes that programs offer in their forms, each made from the registry that has them.

A row is an operation: its path, the name of its list, the keys of a line, and the lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from plainchant.access.permissions import PUBLIC
from plainchant.api.callers import Caller
from plainchant.api.operation import Operation, Retour, WireObject, WireRequest, operation
from plainchant.api.values import Id
from plainchant.einvoice.codes.attachment_types import ATTACHMENT_TYPES
from plainchant.einvoice.codes.cadres import API_NAME_OF, CADRES
from plainchant.einvoice.codes.countries import COUNTRY_NAMES
from plainchant.einvoice.codes.currencies import CURRENCY_NAMES
from plainchant.einvoice.codes.identifier_types import IDENTIFIER_TYPES
from plainchant.einvoice.codes.payment_means import PAYMENT_MODES
from plainchant.einvoice.codes.reasons import reasons_for
from plainchant.einvoice.codes.vat_codes import VAT_CODES
from plainchant.einvoice.codes.works import WORKS_PIECES
from plainchant.einvoice.law.exemptions import EXEMPTIONS
from plainchant.portal.flows.declaration import SYNTAX_OF
from plainchant.portal.invoices.lifecycle import IN_WORKS, STATUSES, Action, Side, Status, moves_from
from plainchant.portal.invoices.models import DepositMode

INVOICE, WORKS = "FACTURE", "FACTURE_TRAVAUX"
# formatFlux: whole invoices as data, and pages with their data.
_FORMATS = ("IN_DP_E1_STRUCT", "IN_DP_E2_MIXTE", "IN_DP_E2_FACTURX")


class RecupererParam(WireRequest):
    """What some of the lists may be narrowed by; every list passes over the others."""

    idUtilisateurCourant: Id | None = None
    codeLangue: str = ""
    typeDemandePaiement: str = ""
    typeObjet: str = ""
    statutCourant: str = ""
    formatFlux: str = ""
    codeCadreFacturationAValider: str = ""


Line = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class CodeList:
    """``keys``: of a line, with their types. ``has_pages``: where the page stands is said at the root."""

    path: str
    name: str
    keys: dict[str, Any]
    lines: Callable[[RecupererParam], Iterable[Line]]
    says: str
    has_pages: bool = False


def _kind(asked: RecupererParam, of_invoice: Iterable[str], of_works: Iterable[str]) -> list[Line]:
    kinds = {INVOICE: [*of_invoice], WORKS: [*of_works]}
    wanted = asked.typeDemandePaiement.strip().upper()
    names = kinds.get(wanted, []) if wanted else [name for each in kinds.values() for name in each]
    return [(name,) for name in dict.fromkeys(names)]


def _cadres(asked: RecupererParam) -> list[Line]:
    works = {piece.code for piece in WORKS_PIECES}
    carried = [row.code for row in CADRES if row.circuit.is_carried]
    return _kind(
        asked,
        [API_NAME_OF[code] for code in carried if code not in works],
        [API_NAME_OF[code] for code in carried if code in works],
    )


def _states(asked: RecupererParam) -> list[Line]:
    shown = [row.status for row in STATUSES if row.status is not Status.DELETED]
    return _kind(asked, [status for status in shown if status not in IN_WORKS], shown)


def _targets(asked: RecupererParam) -> list[Line]:
    wanted = asked.statutCourant.strip().upper()
    if wanted not in set(Status):
        return []
    moves = moves_from(status=Status(wanted), party=Side.BUYER)
    return [(target,) for target in dict.fromkeys(move.target for move in moves)]


LISTS: tuple[CodeList, ...] = (
    CodeList(
        path="recuperer/devises", name="listeDevises", keys={"codeDevise": str, "libelleDevise": str},
        lines=lambda _: CURRENCY_NAMES.items(), says="The currencies that an invoice may be in.",
    ),
    CodeList(
        path="recuperer/pays", name="listePays", keys={"codePays": str, "libellePays": str},
        lines=lambda _: COUNTRY_NAMES.items(), says="The countries of addresses.",
    ),
    CodeList(
        path="recuperer/tauxtva", name="listeTauxTva",
        keys={"codeTauxTva": str, "libelleTauxTva": str, "valeurTauxTva": Decimal},
        lines=lambda _: [(row.code, row.label, row.rate) for row in VAT_CODES],
        says="The rates of VAT that have a code.",
    ),
    CodeList(
        path="recuperer/motifs/exonerationtva", name="listeMotifsExonerationTva",
        keys={"codeMotifExonerationTva": str, "libelleMotifExonerationTva": str},
        lines=lambda _: [(row.code, row.label) for row in EXEMPTIONS], has_pages=True,
        says="Why an invoice may bear no VAT.",
    ),
    CodeList(
        path="recuperer/motifs/refus/Facture/AValider", name="listeMotifRefusFactureAValider",
        keys={"idMotif": int, "codeMotif": str, "libelleMotif": str},
        lines=lambda _: [(at, row.code, row.label) for at, row in enumerate(reasons_for(Action.REFUSE), 1)],
        says="Why a validator may refuse an invoice.",
    ),
    CodeList(
        path="recuperer/modedepot", name="listeModeDepot", keys={"modeDepot": str},
        lines=lambda _: [(mode.value,) for mode in DepositMode], has_pages=True,
        says="The ways in which invoices come here.",
    ),
    CodeList(
        path="recuperer/modereglements", name="listeModePaiement", keys={"modePaiement": str},
        lines=lambda _: [(row.mode,) for row in PAYMENT_MODES], says="The means of payment.",
    ),
    CodeList(
        path="recuperer/cadrefacturation", name="listeCadreFacturation", keys={"codeCadreFacturation": str},
        lines=_cadres, says="The cadres of invoices that this portal takes.",
    ),
    CodeList(
        path="recuperer/typedp", name="listeTypeDemandePaiement", keys={"typeDemandePaiement": str},
        lines=lambda _: [(INVOICE,), (WORKS,)], says="The kinds of demands for payment that this portal has.",
    ),
    CodeList(
        path="recuperer/typefacturetravaux", name="listeTypeFactureTravaux", keys={"typeFactureTravaux": str},
        lines=lambda _: [(name,) for name in dict.fromkeys(row.type for row in WORKS_PIECES)],
        says="The kinds of pieces of works.",
    ),
    CodeList(
        path="recuperer/typeidentifiant/structure", name="listeTypeIdentifiant",
        keys={"typeIdentifiantStructure": str}, lines=lambda _: [(row.code,) for row in IDENTIFIER_TYPES],
        says="What structures are known by.",
    ),
    CodeList(
        path="recuperer/typespj", name="listeTypePieceJointe",
        keys={
            "idTypePieceJointe": int, "codeTypePieceJointe": str, "libelleTypePieceJointe": str, "typeObjet": str,
        },
        lines=lambda asked: [
            (at, row.code, row.label, asked.typeObjet.strip().upper() or INVOICE)
            for at, row in enumerate(ATTACHMENT_TYPES, 1)
        ],
        says="The kinds of documents that go with an invoice.",
    ),
    CodeList(
        path="recuperer/formatflux", name="listeFormatFlux", keys={"formatFlux": str},
        lines=lambda _: [(name,) for name in _FORMATS], has_pages=True, says="The formats of flows.",
    ),
    CodeList(
        path="recuperer/syntaxeflux", name="listeSyntaxeFlux", keys={"syntaxeFlux": str},
        lines=lambda _: [(name,) for name in SYNTAX_OF], says="The syntaxes of flows.",
    ),
    CodeList(
        path="recuperer/etat/typedp", name="listeEtatDemandePaiement", keys={"etatDemandePaiement": str},
        lines=_states, says="The statuses that a demand for payment may have.",
    ),
    CodeList(
        path="recuperer/etats/traitement", name="listeStatutsPossiblesPourTraitement",
        keys={"statutPossiblePourTraitement": str}, lines=_targets,
        says="To which statuses a recipient may bring an invoice from that of statutCourant.",
    ),
)  # fmt: skip


def _operation(row: CodeList) -> Operation:
    title = row.name.removeprefix("liste")
    line = msgspec.defstruct(title, list(row.keys.items()), bases=(WireObject,), kw_only=True)
    paging: list[Any] = [(name, int) for name in ("pageCourante", "pages", "nbResultatsParPage", "total")]
    fields: list[Any] = [(row.name, list[line]), *(paging if row.has_pages else [])]  # type: ignore[valid-type]
    answer = msgspec.defstruct(f"WsRetour{title}", fields, bases=(Retour,), kw_only=True)

    def run(caller: Caller, asked: RecupererParam) -> msgspec.Struct:
        lines = [line(**dict(zip(row.keys, values, strict=True))) for values in row.lines(asked)]
        place = {"pageCourante": 1, "pages": 1, "nbResultatsParPage": len(lines), "total": len(lines)}
        return answer(**{row.name: lines, **(place if row.has_pages else {})})

    run.__doc__ = row.says
    run.__name__ = row.path.replace("/", "_")
    path = f"/cpro/transverses/v1/{row.path}"
    return operation(path, permission=PUBLIC, request=RecupererParam, response=answer)(run)


CODE_LISTS: tuple[Operation, ...] = tuple(_operation(row) for row in LISTS)
