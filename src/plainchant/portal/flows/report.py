"""The report of a flow (compte rendu): what is wrong with it as a whole, what became of each invoice, all of it.

One set of facts for the page, the mail, the PDF, the CSV and the JSON; the JSON has the names of Chorus Pro's detailed
report (consulterCRDetaille), with ours beside them. Its shape is a promise: docs/flow-report.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from plainchant.portal.lib.csv_file import csv_text
from plainchant.portal.lib.time import PARIS

from .codes import Row, mend_for, mend_of, nature_of, refusals, remarks
from .declaration import NOTICE, difference
from .models import Flow, FlowInvoice
from .queries import rejects_on, rejects_whole_on

VERSION = 1
HEADING = (
    "fichier",
    "facture",
    "fournisseur",
    "destinataire",
    "resultat",
    "code",
    "motif",
    "correction",
    "champ",
    "chemin",
    "ligne",
)
REJECTS_HEADING = (
    "numero_flux",
    "date_depot",
    "fichier",
    "facture",
    "fournisseur",
    "destinataire",
    "code",
    "motif",
    "correction",
)


# The members of the JSON, in order; those of a list's objects follow its name.
OBJECT = {
    "version": "of this shape",
    "numeroFluxDepot": "the flow's number, 25 signs",
    "codeInterfaceDepotFlux": "FSO1100A…, told from the content",
    "syntaxeFlux": "IN_DP_E1_UBL_INVOICE…, told from the content",
    "syntaxeFluxAnnoncee": "what the sender, or the flow's official name, declared; empty where nothing was",
    "nomFichier": "of the file handed in",
    "dateDepotFlux": "when it was received",
    "etatCourantDepotFlux": "its state",
    "dateHeureEtatCourantFlux": "since when",
    "analyseAntivirus": "what the antivirus said of the file",
    "nombreFacturesLues": "invoices told of so far",
    "nombreFacturesPrises": "of these, taken: they go on",
    "nombreFacturesRefusees": "of these, refused: their numbers are not consumed",
    "listeErreurTechnique": "errors of the whole flow",
    "listeErreurTechnique[].natureErreur": "IRRECEVABILITE, INCIDENT, or AVERTISSEMENT, which stops nothing",
    "listeErreurTechnique[].codeErreur": "a code of the table below",
    "listeErreurTechnique[].libelleErreur": "a French sentence, with what to do",
    "listeErreurDP": "refused invoices, one object for each thing that is wrong, none left out",
    "listeErreurDP[].identifiantFournisseur": "of the seller, as written; empty where it could not be read",
    "listeErreurDP[].identifiantDestinataire": "of the buyer, as written",
    "listeErreurDP[].numeroDP": "the invoice's number, as written",
    "listeErreurDP[].libelleErreurDP": "a French sentence, whole",
    "listeErreurDP[].codeErreur": "ours (below) or a rule of the engine",
    "listeErreurDP[].correction": "what to do, in French",
    "listeErreurDP[].champ": "the datum, by its English name in the code; empty for the whole invoice",
    "listeErreurDP[].chemin": "an XPath, or the cell of a table of invoices",
    "listeErreurDP[].ligne": "of the XML file, null where there is none",
    "listeErreurDP[].fichier": "in the archive; the row of a table of invoices",
    "listeErreurDP[].rang": "of the file in the flow, from 1",
    "listeRemarqueDP": "remarks on invoices, taken or refused: worth a look, they stop nothing",
    "listeRemarqueDP[].identifiantFournisseur": "as above",
    "listeRemarqueDP[].identifiantDestinataire": "as above",
    "listeRemarqueDP[].numeroDP": "as above",
    "listeRemarqueDP[].libelleRemarqueDP": "a French sentence, whole",
    "listeRemarqueDP[].codeRemarque": "ours (below) or a rule of the engine",
    "listeRemarqueDP[].champ": "as above",
    "listeRemarqueDP[].chemin": "as above",
    "listeRemarqueDP[].ligne": "as above",
    "listeRemarqueDP[].fichier": "as above",
    "listeRemarqueDP[].rang": "as above",
    "listeDPPrises": "invoices taken",
    "listeDPPrises[].identifiantFournisseur": "as above",
    "listeDPPrises[].identifiantDestinataire": "as above",
    "listeDPPrises[].numeroDP": "as above",
    "listeDPPrises[].fichier": "as above",
    "listeDPPrises[].rang": "as above",
    "listeDPPrises[].dejaPrise": "true where the very same invoice had been taken before, and was not doubled",
}


@dataclass(frozen=True, slots=True)
class FlowError:
    """Something about the flow as a whole; ``nature`` says whether it stopped it."""

    nature: str
    code: str
    sentence: str


def flow_errors(flow: Flow) -> list[FlowError]:
    """What is wrong with, or worth knowing of, the whole flow."""
    found = []
    if flow.trouble:
        code = flow.trouble_code or "IRR_SYNTAX"
        found.append(FlowError(nature_of(code), code, flow.trouble))
    sentence = difference(announced=flow.declared, found=flow.syntax)
    if sentence:
        found.append(FlowError(nature_of(NOTICE), NOTICE, sentence))
    return found


def antivirus_of(flow: Flow) -> str:
    """What the antivirus has said of this flow, in words."""
    return flow.antivirus.label


def as_object(flow: Flow) -> dict[str, Any]:
    """The report as structured data. Names of the wire where Chorus Pro has one."""
    results = FlowInvoice.objects.filter(flow=flow).select_related("invoice")
    return {
        "version": VERSION,
        "numeroFluxDepot": flow.number,
        "codeInterfaceDepotFlux": flow.interface,
        "syntaxeFlux": flow.syntax,
        "syntaxeFluxAnnoncee": flow.declared,
        "nomFichier": flow.name,
        "dateDepotFlux": _instant(flow.received_at),
        "etatCourantDepotFlux": flow.state,
        "dateHeureEtatCourantFlux": _instant(flow.state_at),
        "analyseAntivirus": flow.antivirus.name,
        "nombreFacturesLues": len(results),
        "nombreFacturesPrises": sum(result.invoice_id is not None for result in results),
        "nombreFacturesRefusees": sum(result.invoice_id is None for result in results),
        "listeErreurTechnique": [
            {"natureErreur": error.nature, "codeErreur": error.code, "libelleErreur": error.sentence}
            for error in flow_errors(flow)
        ],
        "listeErreurDP": [
            {
                **_parties(result),
                "libelleErreurDP": finding["message"],
                "codeErreur": finding["rule"],
                "correction": mend_for(finding),
                **_place(result, finding),
            }
            for result in results
            for finding in refusals(result.findings)
        ],
        "listeRemarqueDP": [
            {
                **_parties(result),
                "libelleRemarqueDP": finding["message"],
                "codeRemarque": finding["rule"],
                **_place(result, finding),
            }
            for result in results
            for finding in remarks(result.findings)
        ],
        "listeDPPrises": [
            {
                **_parties(result),
                "fichier": result.name,
                "rang": result.position + 1,
                "dejaPrise": any(finding["rule"] == "FLUX-DEJA-PRISE" for finding in result.findings),
            }
            for result in results
            if result.invoice_id is not None
        ],
    }


def _parties(result: FlowInvoice) -> dict[str, Any]:
    return {
        "identifiantFournisseur": result.seller_identifier,
        "identifiantDestinataire": result.buyer_identifier,
        "numeroDP": result.number,
    }


def _place(result: FlowInvoice, finding: Row) -> dict[str, Any]:
    return {
        "champ": finding["field"],
        "chemin": finding["path"],
        "ligne": finding["line"],
        "fichier": result.name,
        "rang": result.position + 1,
    }


def as_csv(flow: Flow) -> str:
    """The report for a spreadsheet: a row for each finding, and one for each invoice that was taken."""
    return csv_text(heading=HEADING, rows=_csv_rows(flow))


def _csv_rows(flow: Flow) -> Iterator[tuple[object, ...]]:
    for error in flow_errors(flow):
        yield (flow.name, "", "", "", "flux", error.code, error.sentence, mend_of(error.code), "", "", "")
    for result in FlowInvoice.objects.filter(flow=flow):
        place = (result.name, result.number, result.seller_identifier, result.buyer_identifier)
        if result.invoice_id is not None and not result.findings:
            yield (*place, "prise", "", "", "", "", "", "")
        for finding in result.findings:
            yield (*place, _RESULTS[result.invoice_id is not None, finding["severity"]], *_told(finding))


# By whether the invoice was taken, and the severity of what is said of it.
_RESULTS = {
    (True, "warning"): "prise, avec une remarque",
    (False, "fatal"): "refusée",
    (False, "warning"): "refusée, remarque en plus",
}


def _told(finding: Row) -> tuple[object, ...]:
    return (
        finding["rule"],
        finding["message"],
        mend_for(finding),
        finding["field"],
        finding["path"],
        finding["line"],
    )


def rejects_as_csv(*, structure_ids: list[int], day: date) -> str:
    """The rejects of a day (fichier des rejets): every refused invoice and flow of these structures, a row a reason."""
    return csv_text(heading=REJECTS_HEADING, rows=_reject_rows(structure_ids, day))


def _reject_rows(structure_ids: list[int], day: date) -> Iterator[tuple[object, ...]]:
    for flow in rejects_whole_on(structure_ids=structure_ids, day=day):
        code = flow.trouble_code
        yield (flow.number, _day(flow.received_at), flow.name, "", "", "", code, flow.trouble, mend_of(code))
    for lack in rejects_on(structure_ids=structure_ids, day=day):
        for finding in refusals(lack.findings):
            yield (
                lack.flow.number,
                _day(lack.flow.received_at),
                lack.name or lack.flow.name,
                lack.number,
                lack.seller_identifier,
                lack.buyer_identifier,
                *_told(finding)[:3],
            )


def _day(at: datetime) -> str:
    return f"{at.astimezone(PARIS):%d/%m/%Y}"


def _instant(at: datetime) -> str:
    return at.astimezone(PARIS).isoformat(timespec="seconds")
