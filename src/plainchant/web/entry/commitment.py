"""« Demander mon numéro d’engagement »: the mail to the client, ready to send."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from plainchant.einvoice import wording
from plainchant.portal.drafts.fields import DraftSource
from plainchant.portal.drafts.typed import understand
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import PREPARE_INVOICE
from plainchant.portal.lib.elision import of
from plainchant.web.routes import page

from .sheet import sheet_draft_or_404


@page(get=PREPARE_INVOICE)
def commitment(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """The words to write, to copy or to open in one's own mail program."""
    draft = sheet_draft_or_404(invoice)
    work = next((line["name"].strip() for line in draft.typed["lines"] if line["name"].strip()), "")
    day = understand(draft.typed, source=DraftSource.SHEET).values["delivery_date"]
    about = " ".join(
        part for part in (f"« {work} »" if work else "ma prestation", f"du {wording.day(day)}" if day else "") if part
    )
    seller, buyer = invoice.seller, invoice.buyer
    subject = f"Numéro d’engagement pour {work or 'ma facture'}"[:150]
    body = (
        "Bonjour,\n\n"
        f"Je prépare la facture {of(about)}. Pour la déposer sur le portail, j’ai besoin :\n"
        "- du numéro d’engagement (ou du numéro de bon de commande) ;\n"
        "- du code du service qui la traitera, si vous en avez un ;\n"
        f"- de la confirmation du SIRET à facturer{f' : {buyer.identifier} ({buyer.name})' if buyer else ''}.\n\n"
        "Sans ces références, la facture serait refusée automatiquement.\n\n"
        f"Merci d’avance,\n{request.user.get_full_name()}\n{seller.name}, {seller.known_as}\n"  # type: ignore[union-attr]
    )
    service = invoice.buyer_service
    recipient = (service.email if service else "") or (buyer.email if buyer else "")
    context = {
        "invoice": invoice,
        "subject": subject,
        "body": body,
        "recipient": recipient,
        "mailto": f"mailto:{quote(recipient)}?subject={quote(subject)}&body={quote(body)}",
    }
    return render(request, "entry/commitment.html", context)
