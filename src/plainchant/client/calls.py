"""Every call there is: what is asked, and what the answer becomes. The wire's names stand here and nowhere else.

Sources: the Swagger of Factures and Structures; for the rest, what published programs read.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from .conversation import Call
from .errors import ContractBroken
from .records import (
    BodyService,
    ConvertedDocument,
    Demands,
    Deposit,
    DocumentFinding,
    DocumentVerdict,
    FlowReport,
    FoundInvoice,
    FoundPage,
    InvoiceFinding,
    InvoiceHistory,
    ProcessedInvoice,
    PublicBody,
    ReadDocument,
    StatusLine,
    SubmittedInvoice,
    TakenInvoice,
    WholeFlowFinding,
)

T = TypeVar("T")
Side = Literal["seller", "buyer", "validator"]
Form = Literal["PDF", "PIVOT", "ZIP"]

PER_PAGE = 50
_PARIS = ZoneInfo("Europe/Paris")
_NOTHING_FOUND = 20000  # of a recipient's search
_LONG_SECONDS = 300.0  # with a file, there or back
_VIEWS = {"seller": "fournisseur", "buyer": "recipiendaire", "validator": "valideur"}


def health() -> Call[bool]:
    return _call("transverses/v1/health-check", lambda given: given.get("statusCodeValue", 200) == 200, body=None)


def deposit(content: bytes, *, name: str, syntax: str) -> Call[Deposit]:
    def read(given: dict[str, Any]) -> Deposit:
        return Deposit(
            flow=given["numeroFluxDepot"],
            day=date.fromisoformat(given["dateDepot"]),
            syntax=given.get("syntaxeFlux", syntax),
        )

    return _call(
        "factures/v1/deposer/flux",
        read,
        body={"fichierFlux": _base64(content), "nomFichier": name, "syntaxeFlux": syntax, "avecSignature": False},
        changes=True,
        seconds=_LONG_SECONDS,
    )


def report(flow: str) -> Call[FlowReport]:
    return _call("transverses/v1/consulterCRDetaille", _report, body={"numeroFluxDepot": flow})


def report_pdf(flow: str) -> Call[bytes | None]:
    def read(given: dict[str, Any]) -> bytes | None:
        return b64decode(given["fichierCR"]) if given.get("fichierCR") else None

    return _call("transverses/v1/consulterCR", read, body={"numeroFluxDepot": flow}, seconds=_LONG_SECONDS)


def read_pdf(content: bytes, *, name: str, form: str) -> Call[ReadDocument]:
    def read(given: dict[str, Any]) -> ReadDocument:
        values = {key: value for key, value in given.items() if key not in ("codeRetour", "libelle", "pieceJointeId")}
        return ReadDocument(file=given["pieceJointeId"], values=values)

    return _call(
        "factures/v1/deposer/pdf",
        read,
        body={"fichierFacture": _base64(content), "nomFichier": name, "formatDepot": form},
        seconds=_LONG_SECONDS,  # what it keeps goes by itself; kept twice, nothing else happens
    )


def submit(invoice: Mapping[str, Any]) -> Call[SubmittedInvoice]:
    def read(given: dict[str, Any]) -> SubmittedInvoice:
        return SubmittedInvoice(
            invoice=given["identifiantFactureCPP"], number=given["numeroFacture"], status=given["statutFacture"]
        )

    return _call("factures/v1/soumettre", read, body=_plain(invoice), changes=True, seconds=_LONG_SECONDS)


def search_issued(
    *,
    number: str,
    statuses: Sequence[str],
    flow: str,
    deposited_from: date | None,
    deposited_until: date | None,
    page: int,
    per_page: int,
) -> Call[FoundPage[FoundInvoice]]:
    return _call(
        "factures/v1/rechercher/fournisseur",
        _found,
        body=_given(
            numeroFacture=number,
            statutCourant=list(statuses),
            numeroFluxDepot=flow,
            periodeDateDepotDu=deposited_from,
            periodeDateDepotAu=deposited_until,
            rechercheFactureParFournisseur=_paging(page, per_page),
        ),
    )


def search_received(
    *,
    number: str,
    statuses: Sequence[str],
    deposited_from: date | None,
    deposited_until: date | None,
    page: int,
    per_page: int,
) -> Call[FoundPage[FoundInvoice]]:
    return _call(
        "factures/v1/rechercher/recipiendaire",
        _found,
        body=_given(
            numeroFacture=number,
            statutCourant=list(statuses),
            periodeDateDepotDu=deposited_from,
            periodeDateDepotAu=deposited_until,
            paramRecherche=_paging(page, per_page),
        ),
        nothing_found=_NOTHING_FOUND,
    )


def consult(invoice: int, *, side: Side) -> Call[dict[str, Any]]:
    return _call(f"factures/v1/consulter/{_VIEWS[side]}", lambda given: given, body={"identifiantFactureCPP": invoice})


def history(invoice: int) -> Call[InvoiceHistory]:
    def read(given: dict[str, Any]) -> InvoiceHistory:
        lines = [_status_line(each) for each in given["historiquesDesStatuts"]["histoStatut"]]
        return InvoiceHistory(
            invoice=given["idFacture"],
            number=given["numeroFacture"],
            status=given["statutCourantCode"],
            lines=tuple(reversed(lines)),
        )

    return _call("factures/v1/consulter/historique", read, body={"idFacture": invoice})


def download(invoices: Sequence[int], *, form: Form, with_attachments: bool) -> Call[bytes]:
    return _call(
        "factures/v1/telecharger/groupe",
        lambda given: b64decode(given["fichierResultat"]),
        body={
            "format": form,
            "avecPiecesJointesComplementaires": with_attachments,
            "listeFacture": [{"idFacture": invoice} for invoice in invoices],
        },
        seconds=_LONG_SECONDS,
    )


def process(invoice: int, *, status: str, reason: str, payment_order: str) -> Call[ProcessedInvoice]:
    def read(given: dict[str, Any]) -> ProcessedInvoice:
        return ProcessedInvoice(
            invoice=given["idFacture"],
            number=given["numeroFacture"],
            status=given["nouveauStatut"],
            day=date.fromisoformat(given["dateTraitement"]),
        )

    return _call(
        "factures/v1/traiter/recue",
        read,
        body=_given(idFacture=invoice, nouveauStatut=status, motif=reason, numeroDPMandat=payment_order),
        changes=True,
    )


def check(content: bytes) -> Call[DocumentVerdict]:
    def read(given: dict[str, Any]) -> DocumentVerdict:
        return DocumentVerdict(
            kind=given["kind"],
            channel=given["channel"],
            is_accepted=given["verdict"] == "accepted",
            channels={name: row["verdict"] == "accepted" for name, row in given["channels"].items()},
            findings=tuple(
                DocumentFinding(
                    rule=each["rule"],
                    layer=layer["name"],
                    is_fatal=each["severity"] == "fatal",
                    message=each["message"],
                    mend=each.get("mend", ""),
                    line=each.get("line"),
                )
                for layer in given["layers"]
                for each in layer["findings"]
            ),
            raw=given,
        )

    return _call("/api/v1/check", read, body={"file": _base64(content)}, seconds=_LONG_SECONDS)


def convert(content: bytes, *, to: str, profile: str) -> Call[ConvertedDocument]:
    def read(given: dict[str, Any]) -> ConvertedDocument:
        return ConvertedDocument(
            content=b64decode(given["file"]),
            ending=given["ending"],
            added=tuple(given["added"]),
            lost=tuple(given["lost"]),
        )

    return _call(
        "/api/v1/convert",
        read,
        body=_given(file=_base64(content), to=to, profile=profile),
        seconds=_LONG_SECONDS,
    )


def search_directory(text: str, *, siret: str, page: int, per_page: int) -> Call[FoundPage[PublicBody]]:
    def read(given: dict[str, Any]) -> FoundPage[PublicBody]:
        rows = [
            PublicBody(
                body=each["idStructureCPP"],
                siret=each["siret"],
                name=each["nomDestinataire"],
                postcode=each.get("adresseCodePostal", ""),
                city=each.get("adresseVille", ""),
            )
            for each in given.get("listeDestinataires", ())
        ]
        return _page(given, rows)

    return _call(
        "transverses/v1/rechercher/destinataire",
        read,
        body=_given(identifiant=siret, nomVilleCodePostal=text, parametresRecherche=_paging(page, per_page)),
    )


def services_of(body: int) -> Call[tuple[BodyService, ...]]:
    def read(given: dict[str, Any]) -> tuple[BodyService, ...]:
        return tuple(
            BodyService(
                service=each["idService"],
                code=each["codeService"],
                name=each.get("libelleService", ""),
                is_open=each["estActif"],
            )
            for each in given.get("listeServices", ())
        )

    asked = {"idStructure": body, "parametresRechercherServicesStructure": _paging(1, 1_000)}
    return _call("structures/v1/rechercher/services", read, body=asked)


def demands_of(body: int) -> Call[Demands]:
    def read(given: dict[str, Any]) -> Demands:
        general, wanted = given["informationGenerales"], given["parametres"]
        return Demands(
            siret=general["identifiantStructure"],
            name=general["raisonSocialeStructure"],
            service=wanted["codeServiceDoitEtreRenseigne"],
            commitment=wanted["numeroEJDoitEtreRenseigne"],
            service_or_commitment=wanted["gestionNumeroEJOuCodeService"],
            reports_no_payment=wanted["statutMiseEnPaiementNestPasRemonte"],
        )

    return _call("structures/v1/consulter", read, body={"idStructureCPP": body})


def _call(
    path: str,
    read: Callable[[dict[str, Any]], T],
    *,
    body: Mapping[str, Any] | None,
    changes: bool = False,
    seconds: float = 60.0,
    nothing_found: int | None = None,
) -> Call[T]:
    """The call, whose reading says which value of the contract was not there. Raises ContractBroken, then."""

    def read_or_say(given: dict[str, Any]) -> T:
        try:
            return read(given)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ContractBroken(
                f"La réponse de {path} ne se comprend pas ({type(error).__name__} : {error})."
            ) from error

    return Call(path=path, read=read_or_say, body=body, changes=changes, seconds=seconds, nothing_found=nothing_found)


def _given(**values: Any) -> dict[str, Any]:
    """The values that are there: what is not asked for is left out."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
        if value not in (None, "", [])
    }


def _paging(page: int, per_page: int) -> dict[str, Any]:
    return {"pageResultatDemandee": page, "nbResultatsParPage": per_page}


def _plain(value: Any) -> Any:
    """Amounts and days as JSON has them."""
    match value:
        case Decimal():
            return float(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {key: _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
    return value


def _base64(content: bytes) -> str:
    return b64encode(content).decode()


def _page(given: Mapping[str, Any], rows: Sequence[T]) -> FoundPage[T]:
    """Of an answer that says in either of two places where it stands."""
    place = given.get("parametresRetour") or given
    return FoundPage(
        rows=tuple(rows),
        page=place.get("pageCourante", 1),
        pages=place.get("pages", 0),
        total=place.get("total", len(rows)),
    )


def _found(given: dict[str, Any]) -> FoundPage[FoundInvoice]:
    return _page(given, [_found_invoice(each) for each in given.get("listeFactures", ())])


def _found_invoice(row: Mapping[str, Any]) -> FoundInvoice:
    key = row["identifiantFactureCPP"] if "identifiantFactureCPP" in row else row["idFacture"]
    return FoundInvoice(
        invoice=key,
        number=row["numeroFacture"],
        status=row["statut"],
        kind=row.get("typeFacture", ""),
        seller=row.get("codeFournisseur", ""),
        seller_name=row.get("designationFournisseur", ""),
        buyer=row.get("codeDestinataire"),
        buyer_name=row.get("designationDestinataire"),
        service=row.get("codeServiceExecutant"),
        issue_date=_day(row.get("dateFacture")),
        deposit_date=_day(row.get("dateDepot")),
        to_pay=Decimal(row["montantAPayer"]) if row.get("montantAPayer") is not None else None,
        currency=row.get("devise", ""),
        flow=row.get("numeroFluxDepot", ""),
        words=row.get("commentaireEtatCourant", ""),
        raw=row,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def _status_line(row: Mapping[str, Any]) -> StatusLine:
    names = (row.get("histoStatutUtilisateurPrenom"), row.get("histoStatutUtilisateurNom"))
    return StatusLine(
        status=row["histoStatutCode"],
        at=datetime.strptime(row["histoStatutDatePassage"], "%Y-%m-%d %H:%M").replace(tzinfo=_PARIS),
        words=row.get("histoStatutCommentaire", ""),
        by=" ".join(filter(None, names)),
    )


def _report(given: dict[str, Any]) -> FlowReport:
    ours = given.get("plainchant") or {}
    return FlowReport(
        flow=given["numeroFluxDepot"],
        state=given["etatCourantDepotFlux"],
        name=given.get("nomFichier", ""),
        received_at=datetime.fromisoformat(given["dateDepotFlux"]),
        changed_at=datetime.fromisoformat(given["dateHeureEtatCourantFlux"]),
        findings=(
            tuple(_finding(each, "libelleErreurDP", "codeErreur") for each in ours["listeErreurDP"])
            if "listeErreurDP" in ours
            else tuple(_short_findings(given))
        ),
        of_the_flow=tuple(
            WholeFlowFinding(
                code=each.get("codeErreur", ""),
                message=each.get("libelleErreur", ""),
                kind=each.get("natureErreur", ""),
            )
            for each in given.get("listeErreurTechnique", ())
        ),
        taken=tuple(
            TakenInvoice(
                number=each["numeroDP"],
                seller=each["identifiantFournisseur"],
                buyer=each["identifiantDestinataire"],
                file=each.get("fichier", ""),
                is_known=each.get("dejaPrise", False),
            )
            for each in ours.get("listeDPPrises", ())
        ),
        remarks=tuple(_finding(each, "libelleRemarqueDP", "codeRemarque") for each in ours.get("listeRemarqueDP", ())),
        raw=given,
    )


def _finding(row: Mapping[str, Any], message: str, code: str) -> InvoiceFinding:
    return InvoiceFinding(
        number=row.get("numeroDP", ""),
        seller=row.get("identifiantFournisseur", ""),
        buyer=row.get("identifiantDestinataire", ""),
        message=row[message],
        code=row.get(code, ""),
        mend=row.get("correction", ""),
        field=row.get("champ", ""),
        file=row.get("fichier", ""),
        line=row.get("ligne"),
    )


def _short_findings(given: Mapping[str, Any]) -> list[InvoiceFinding]:
    """As Chorus Pro gives them: all that is wrong with one invoice in one text, joined with « | »."""
    return [
        InvoiceFinding(
            number=each.get("numeroDP", ""),
            seller=each.get("identifiantFournisseur", ""),
            buyer=each.get("identifiantDestinataire", ""),
            message=message.strip(),
        )
        for each in given.get("listeErreurDP", ())
        for message in each.get("libelleErreurDP", "").split("|")
        if message.strip()
    ]
