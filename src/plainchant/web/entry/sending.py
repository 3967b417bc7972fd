"""The last steps of an entry: check, see the page as the buyer will, confirm, and take away what it became."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.making.authors import SITUATION_OF
from plainchant.einvoice.making.composing import Coding, Sheet, differences
from plainchant.einvoice.syntaxes.table import SYNTAXES
from plainchant.portal.drafts import files, operations
from plainchant.portal.drafts.checking import Checked, check
from plainchant.portal.drafts.models import Certificate, Draft
from plainchant.portal.drafts.queries import settings_of
from plainchant.portal.drafts.sheets import from_json
from plainchant.portal.invoices.errors import NumberTaken, WouldBeRefused
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.invoices.permissions import PREPARE_INVOICE, SEE_ISSUED_INVOICE, SEND_INVOICE
from plainchant.portal.lib.time import PARIS, now
from plainchant.reader.drawings import draw_note
from plainchant.web import pages
from plainchant.web.account.visitor import acting
from plainchant.web.drafts.attachments import attached_to
from plainchant.web.drafts.saving import revision_seen
from plainchant.web.routes import page
from plainchant.web.viewer import preview as preview_of

from .questions import amount_page
from .sheet import AS_QUESTIONS, made_here_or_404, sheet_draft_or_404, sheet_page, steps

# Where the two codings differ → how people call it.
WORDS = {
    "specification": "Le profil (BT-24)",
    "business_process": "Le cadre de facturation (BT-23)",
    "seller.legal_registration": "Votre immatriculation (BT-30)",
    "seller.electronic_address": "Votre adresse de facturation électronique (BT-34)",
    "buyer.legal_registration": "L’immatriculation de l’acheteur (BT-47)",
    "buyer.electronic_address": "L’adresse de facturation électronique de l’acheteur (BT-49)",
    "validator.legal_registration": "L’immatriculation du valideur",
    "validator.electronic_address": "L’adresse de facturation électronique du valideur",
}
_CODINGS = {Coding.CLASSIC: "Chorus Pro aujourd’hui", Coding.REFORM: "la réforme (plateformes agréées)"}
FILES = [
    {"coding": coding.value, "syntax": syntax, "label": f"{SYNTAXES[syntax].label}, pour {reader}"}
    for coding, reader in _CODINGS.items()
    for syntax in files.OFFERED
]


@page(get=PREPARE_INVOICE)
def check_entry(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Everything that would be refused, beside its field; or the page as the buyer will see it, and the way to send."""
    draft = sheet_draft_or_404(invoice)
    if invoice.status != Status.DRAFT:
        return redirect("issued_invoice", uid=invoice.uid)
    return _checked_page(request, draft, check(draft=draft, at=now()))


def _to_mend(request: HttpRequest, draft: Draft, findings: list[Finding]) -> HttpResponse:
    """What stops the sending, on the page one comes from: the last question, or the whole sheet."""
    shown = amount_page if AS_QUESTIONS in request.GET else sheet_page
    return shown(request, draft, findings=findings, status=422)


def _checked_page(request: HttpRequest, draft: Draft, checked: Checked) -> HttpResponse:
    if checked.stops or checked.sheet is None:
        return _to_mend(request, draft, checked.findings)
    invoice = draft.invoice
    how_much = "entry_amount" if AS_QUESTIONS in request.GET else "entry_sheet"
    context = {
        "draft": draft,
        "invoice": invoice,
        "viewer": preview_of(
            draw=partial(_drawing, invoice, checked.sheet),
            title=invoice.kind.words["The"],
            page_url=lambda number: reverse("entry_preview", args=[invoice.uid, number]),
            download_url=reverse("entry_preview_file", args=[invoice.uid]),
        ),
        "steps": steps(3, invoice, how_much=how_much),
        "modify_url": reverse(how_much, args=[invoice.uid]),
        "send_url": reverse("entry_send", args=[invoice.uid])
        + (f"?{AS_QUESTIONS}=1" if AS_QUESTIONS in request.GET else ""),
        "warnings": [{"what": finding.message} for finding in checked.findings],
        "sheet": checked.sheet,
        "works": checked.works,
        "attached": attached_to(draft),
        "wanted": _wanted(draft),
        "has_note": bool(_note_codes(draft)),
    }
    return render(request, "entry/check.html", context)


def _wanted(draft: Draft) -> list[Any]:
    """The documents this situation asks to join."""
    situation = SITUATION_OF.get(draft.fields.get("situation", ""))
    return list(situation.attachments) if situation else []


def _note_codes(draft: Draft) -> list[str]:
    """The situations that the note for the payer speaks of; a credit note has nothing to explain."""
    if draft.fields["type_code"] == CREDIT_NOTE:
        return []
    situation = SITUATION_OF.get(draft.fields.get("situation", ""))
    return [situation.code] if situation and situation.note_points else []


def _dispense_year(invoice: Invoice) -> int | None:
    """The year of the dispense de précompte that is joined, told by its name: « dispense 2026.pdf »."""
    joined = InvoiceFile.objects.filter(invoice=invoice, role=InvoiceFile.Role.COMPLEMENT)
    for name, designation in joined.values_list("name", "designation"):
        words = f"{name} {designation}".lower()
        year = _YEAR.search(words)
        if "dispense" in words and year:
            return int(year[0])
    return None


_YEAR = re.compile(r"20[0-9]{2}")


@page(post=SEND_INVOICE, back="entry_check")
def send(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Send, for good. Pressing twice sends once."""
    draft = sheet_draft_or_404(invoice)
    try:
        operations.submit(
            draft=draft,
            actor=acting(request),
            at=now(),
            revision=revision_seen(request),
            number=request.POST.get("number"),
        )
    except (WouldBeRefused, NumberTaken) as refused:
        return _to_mend(request, draft, list(refused.findings))
    return redirect("entry_sent", uid=invoice.uid)


@page(get=SEE_ISSUED_INVOICE)
def sent(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """It is sent: the proof, its files, and what happens now."""
    draft = sheet_draft_or_404(invoice)
    proof = Certificate.objects.filter(invoice=invoice).first()
    if proof is None:
        return redirect("entry_sheet", uid=invoice.uid)
    context = {
        "draft": draft,
        "invoice": invoice,
        "certificate": proof,
        "steps": steps(5, invoice),
        "has_note": bool(_note_codes(draft)),
    }
    return render(request, "entry/sent.html", context)


def _sheet(draft: Draft) -> Sheet:
    """The sheet as it was sent, or as it stands if it is whole. Http404 when it is not."""
    if draft.composed:
        return from_json(draft.composed)
    checked = check(draft=draft, at=now())
    if checked.sheet is None:
        raise Http404
    return checked.sheet


def _drawing(invoice: Invoice, sheet: Sheet) -> bytes:
    return files.facturx(sheet=sheet, settings=settings_of(structure=invoice.seller), at=now())


@page(get=SEE_ISSUED_INVOICE)
def preview(request: HttpRequest, invoice: Invoice, number: int) -> HttpResponse:
    """A page of what would be sent, as a picture."""
    sheet = _sheet(sheet_draft_or_404(invoice))
    return pages.drawing(draw=lambda: _drawing(invoice, sheet), page=number)


@page(get=SEE_ISSUED_INVOICE)
def preview_file(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """All the pages of what would be sent, to be saved; its number is not taken by that."""
    sheet = _sheet(sheet_draft_or_404(invoice))
    return pages.pdf(content=_drawing(invoice, sheet), name=files.name_of(sheet=sheet, extension="apercu.pdf"))


@page(get=SEE_ISSUED_INVOICE)
def codings(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Both ways of writing the invoice as data, and everything in which they differ."""
    draft = made_here_or_404(invoice)
    sheet = _sheet(draft)
    rows = [
        {
            "label": WORDS.get(difference.path, difference.path),
            "classic": difference.classic,
            "reform": difference.reform,
        }
        for difference in differences(sheet)
    ]
    return render(request, "entry/codings.html", {"invoice": invoice, "differences": rows, "files": FILES})


@page(get=SEE_ISSUED_INVOICE)
def file(request: HttpRequest, invoice: Invoice, coding: str, syntax: str) -> HttpResponse:
    """The invoice as XML, in one of two syntaxes and one of two codings."""
    if syntax not in files.OFFERED or coding not in {member.value for member in Coding}:
        raise Http404
    sheet = _sheet(made_here_or_404(invoice))
    content = files.xml(sheet=sheet, syntax=syntax, coding=Coding(coding))
    name = files.name_of(sheet=sheet, extension=f"{coding}.{syntax}.xml")
    answer = pages.pdf(content=content, name=name)
    answer.headers["Content-Type"] = "application/xml"
    return answer


@page(get=SEE_ISSUED_INVOICE)
def note(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """The note for the payer of an artist-author."""
    draft = made_here_or_404(invoice)
    codes = _note_codes(draft)
    if not codes:
        raise Http404
    sheet = _sheet(draft)
    content = draw_note(
        sheet=sheet, situations=codes, dispense_year=_dispense_year(invoice), at=now().astimezone(PARIS)
    )
    return pages.pdf(content=content, name=files.name_of(sheet=sheet, extension="note.pdf"))
