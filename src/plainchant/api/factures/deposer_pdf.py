"""deposerPdfFacture: a PDF is kept and read; soumettre sends it, with what was read corrected."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from plainchant.api.answers import Stopped
from plainchant.api.callers import Caller
from plainchant.api.operation import MIB, Retour, Success, WireRequest, operation
from plainchant.api.refusals import ValueMissing, given_file
from plainchant.api.values import Base64File, Id
from plainchant.einvoice.codes.attachments import MAX_FILE_BYTES
from plainchant.einvoice.codes.invoice_types import INVOICE_TYPE_OF
from plainchant.portal.drafts.fields import DraftSource, cleaned
from plainchant.portal.drafts.program_files import add_document
from plainchant.portal.drafts.proposal import propose
from plainchant.portal.drafts.recognition import known_at_once
from plainchant.portal.drafts.typed import understand
from plainchant.portal.drafts.uploads import Upload
from plainchant.portal.invoices.permissions import BEGIN_INVOICE


class DeposerPdfFactureParam(WireRequest):
    idUtilisateurCourant: Id | None = None
    fichierFacture: Base64File | None = None
    nomFichier: str = ""
    formatDepot: str = ""


class WsRetourDeposerPdfFacture(Retour, kw_only=True):
    """What was not read is left out."""

    numeroFacture: str | None = None
    dateFacture: date | None = None
    codeDestinataire: str | None = None
    codeServiceExecutant: str | None = None
    codeFournisseur: str
    codeDeviseFacture: str
    typeFacture: str
    typeTva: str | None = None
    numeroBonCommande: str | None = None
    montantTtcAvantRemiseGlobalTTC: Decimal | None = None
    montantAPayer: Decimal | None = None
    montantHtTotal: Decimal | None = None
    montantTVA: Decimal | None = None
    pieceJointeId: int


@operation(
    "/cpro/factures/v1/deposer/pdf",
    permission=BEGIN_INVOICE,
    request=DeposerPdfFactureParam,
    response=WsRetourDeposerPdfFacture,
    success=Success.DONE,
    most=MAX_FILE_BYTES // 3 * 4 + MIB,
    writes=True,
    keeps=1,
)
def deposer_pdf(caller: Caller, asked: DeposerPdfFactureParam) -> WsRetourDeposerPdfFacture:
    """Keep the PDF of an invoice and answer what was read on it. Nothing is sent: soumettre does it."""
    given = given_file(asked.fichierFacture, "fichierFacture")
    name = asked.nomFichier.strip()
    if not name:
        raise ValueMissing("nomFichier")
    if given.size > MAX_FILE_BYTES:
        raise Stopped(413, f"Ce fichier dépasse {MAX_FILE_BYTES >> 20} Mo.")
    seller = caller.own_account.structure
    upload = Upload(file=given.as_file(name), name=name, size=given.size)
    file, opened = add_document(structure=seller, upload=upload, actor=caller.actor, at=caller.at)
    proposed = propose(reading=known_at_once(reading=opened.reading), seller=seller, buyer=None, at=caller.at)
    content = cleaned({"fields": proposed}, source=DraftSource.DOCUMENT)
    read = understand(content, source=DraftSource.DOCUMENT).values
    kind = INVOICE_TYPE_OF.get(read["type_code"])
    return WsRetourDeposerPdfFacture(
        numeroFacture=read["number"] or None,
        dateFacture=read["issue_date"],
        codeDestinataire=read["buyer"] or None,
        codeServiceExecutant=read["buyer_service"] or None,
        codeFournisseur=seller.identifier,
        codeDeviseFacture=read["currency"],
        typeFacture=kind.api if kind else "FACTURE",
        typeTva=read["vat_regime"] or None,
        numeroBonCommande=read["commitment"] or None,
        montantTtcAvantRemiseGlobalTTC=read["tax_inclusive_amount"],
        montantAPayer=read["payable_amount"],
        montantHtTotal=read["tax_exclusive_amount"],
        montantTVA=read["tax_amount"],
        pieceJointeId=file.pk,
    )
