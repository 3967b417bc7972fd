"""One question at a time: who are you, who do you invoice, what did you do, how much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from plainchant.einvoice.finding import Finding, refusals
from plainchant.einvoice.law.dated import NotKnown
from plainchant.einvoice.law.french_vat import Regime
from plainchant.einvoice.making.authors import (
    SITUATION_OF,
    AnswersWanted,
    LineProposal,
    NothingToInvoice,
    Situation,
    check_answers,
    lines_for,
    situations_for,
)
from plainchant.einvoice.making.presets import PRESET_OF, PRESETS, VAT_REGIME_OF, Preset
from plainchant.portal.directory.requirements import requirements_of
from plainchant.portal.drafts import operations, queries
from plainchant.portal.drafts.deposits import understood_of
from plainchant.portal.drafts.fields import DraftSource, cleaned
from plainchant.portal.drafts.invoice_settings import save_settings, territory_where_due
from plainchant.portal.drafts.models import Draft, InvoiceSettings
from plainchant.portal.drafts.permissions import MANAGE_INVOICE_SETTINGS
from plainchant.portal.drafts.typed import understand
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import PREPARE_INVOICE
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.rights.permissions import may
from plainchant.reader.text import storable
from plainchant.web.account.visitor import acting
from plainchant.web.drafts.recipients import search_page
from plainchant.web.routes import page

from .forms import EntryForm
from .sheet import errors, grid_context, keep, routing_context, sheet_draft_or_404, steps

AUTHOR = "AUTHOR"
OUTSIDE_VAT = "O"  # UNTDID 5305


def _draft(invoice: Invoice) -> Draft | HttpResponse:
    draft = sheet_draft_or_404(invoice)
    return draft if invoice.status == Status.DRAFT else redirect("issued_invoice", uid=invoice.uid)


# -- Who are you? -------------------------------------------------------------------------------------------------


@page(get=PREPARE_INVOICE, post=PREPARE_INVOICE, back="issued_invoice")
def preset(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Asked once for a structure: what its invoices have in common."""
    draft = _draft(invoice)
    if isinstance(draft, HttpResponse):
        return draft
    chosen, regime = request.POST.get("preset", ""), request.POST.get("regime", "")
    wrong = ""
    if request.method == "POST":
        row = PRESET_OF.get(chosen)
        if row is None:
            wrong = "Choisissez ce qui vous ressemble le plus : vous pourrez tout changer sur la facture."
        elif regime not in {allowed.value for allowed in row.regimes}:
            regime = row.regime.value if len(row.regimes) == 1 else ""
            wrong = "" if regime else "Dites si vous facturez la TVA."
        if row is not None and not wrong:
            _settle(request, draft, row, Regime(regime))
            return redirect(_after_preset(draft), uid=invoice.uid)
    context = {
        "invoice": invoice,
        "is_for_all": may(acting(request), MANAGE_INVOICE_SETTINGS, invoice.seller),
        "presets": PRESETS,
        "chosen": chosen,
        "regime": regime,
        "wrong": wrong,
        "regimes": REGIME_WORDS,
        "steps": steps(0, invoice),
    }
    return render(request, "entry/preset.html", context, status=422 if wrong else 200)


REGIME_WORDS = (
    (Regime.FRANCHISE.value, "Non : « TVA non applicable, art. 293 B du CGI »"),
    (Regime.NON_PROFIT.value, "Non : association exonérée (art. 261, 7-1° du CGI)"),
    (Regime.LIABLE.value, "Oui, je facture la TVA"),
)


def _settle(request: HttpRequest, draft: Draft, row: Preset, regime: Regime) -> None:
    vat = {"vat_regime": VAT_REGIME_OF[regime], "exemption": EXEMPTION_OF_REGIME.get(regime, "")}
    actor, seller = acting(request), draft.invoice.seller
    if may(actor, MANAGE_INVOICE_SETTINGS, seller):
        values = {"preset": row.code, "is_sole_trader": row.name_suffix == "EI", **vat}
        save_settings(structure=seller, values=values, actor=actor, at=now())
    operations.change(draft=draft, fields=vat, actor=actor, at=now())


EXEMPTION_OF_REGIME = {Regime.FRANCHISE: "VATEX-FR-FRANCHISE", Regime.NON_PROFIT: "VATEX-FR-CGI261-7"}


def _after_preset(draft: Draft) -> str:
    return "entry_work" if draft.fields["buyer"] else "entry_recipient"


# -- Who do you invoice? --------------------------------------------------------------------------------------------


@page(get=PREPARE_INVOICE, post=PREPARE_INVOICE, back="issued_invoice")
def recipient(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Find the recipient in the directory; choosing one leads to the next question."""
    draft = _draft(invoice)
    if isinstance(draft, HttpResponse):
        return draft
    if request.method == "POST":
        chosen = {"buyer": request.POST.get("buyer", ""), "buyer_service": ""}
        operations.change(draft=draft, fields=chosen, actor=acting(request), at=now())
        return redirect(
            "entry_amount" if any(_has_text(line) for line in draft.typed["lines"]) else "entry_work", uid=invoice.uid
        )
    return search_page(request, invoice, template="entry/recipient.html", steps=steps(0, invoice))


def _has_text(line: Mapping[str, str]) -> bool:
    return bool(line.get("name", "").strip())


# -- What did you do? -----------------------------------------------------------------------------------------------


@page(get=PREPARE_INVOICE, post=PREPARE_INVOICE, back="issued_invoice")
def work(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """An artist-author's situation, or a few words."""
    draft = _draft(invoice)
    if isinstance(draft, HttpResponse):
        return draft
    settings = queries.settings_of(structure=invoice.seller)
    if settings is not None and settings.preset == AUTHOR and request.GET.get("mots") != "1":
        return _situation(request, draft, settings)
    return _in_a_few_words(request, draft)


def _in_a_few_words(request: HttpRequest, draft: Draft) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in ("name", "description", "nature", "delivery_date")}
    wrong: dict[str, str] = {}
    if request.method == "POST":
        if not typed["name"].strip():
            wrong["name"] = "Dites en quelques mots ce que vous facturez."
        line = {
            "quantity": "1",
            **{key: text for key, text in (draft.typed["lines"] or [{}])[0].items() if text},
            **{key: typed[key] for key in ("name", "description", "nature")},
        }
        probe = cleaned(
            {"fields": {**draft.fields, "delivery_date": typed["delivery_date"]}, "lines": [line]},
            source=DraftSource.SHEET,
        )
        for finding in understand(probe, source=DraftSource.SHEET).findings:
            if finding.field == "delivery_date":
                wrong["delivery_date"] = finding.message
            elif finding.field in ("lines-0-name", "lines-0-description"):
                wrong.setdefault(finding.field.removeprefix("lines-0-"), finding.message.removeprefix("Ligne 1 : "))
        if not wrong:
            operations.change(
                draft=draft,
                actor=acting(request),
                at=now(),
                fields={"delivery_date": typed["delivery_date"], "situation": ""},
                lines=[line, *draft.typed["lines"][1:]],
            )
            return redirect("entry_amount", uid=draft.invoice.uid)
    else:
        first = draft.typed["lines"][0] if draft.typed["lines"] else {}
        typed = {key: first.get(key, "") for key in ("name", "description", "nature")}
        typed["delivery_date"] = draft.fields["delivery_date"]
    context = {
        "invoice": draft.invoice,
        "typed": typed,
        "wrong": wrong,
        "errors": [{"message": message, "field_id": f"id_{name}"} for name, message in wrong.items()],
        "steps": steps(1, draft.invoice),
    }
    return render(request, "entry/words.html", context, status=422 if wrong else 200)


def _situation(request: HttpRequest, draft: Draft, settings: InvoiceSettings) -> HttpResponse:
    day = day_in_paris(now())
    code = request.POST.get("situation") or request.GET.get("situation", "")
    found = SITUATION_OF.get(code)
    context: dict[str, Any] = {"invoice": draft.invoice, "steps": steps(1, draft.invoice)}
    if found is None or found not in situations_for(at=day):
        wrong = "Choisissez ce qui ressemble le plus à votre travail." if request.method == "POST" else ""
        return render(
            request,
            "entry/situations.html",
            context | {"situations": situations_for(at=day), "wrong": wrong},
            status=422 if wrong else 200,
        )
    if not found.lines:
        others = [SITUATION_OF[following] for following in found.leads_to]
        return render(request, "entry/nothing.html", context | {"situation": found, "others": others})
    is_answered = request.method == "POST" and "answered" in request.POST
    answers = _answers(request, found) if is_answered else _known(draft, found)
    findings = check_answers(situation=found, answers=answers, at=day) if is_answered else []
    trouble = ""
    if is_answered and not refusals(findings):
        try:
            lines = lines_for(
                situation=found,
                answers=answers,
                regime=_regime(settings),
                territory=territory_where_due(seller=draft.invoice.seller, settings=settings),
                at=day,
            )
        except (AnswersWanted, NothingToInvoice, NotKnown) as error:
            trouble = str(error)
        else:
            kept = {
                name: ", ".join(value) if isinstance(value, tuple) else str(value) for name, value in answers.items()
            }
            fields = {"situation": found.code}
            if any(line.vat.code == OUTSIDE_VAT for line in lines):  # the territory has no VAT, whatever the regime
                fields |= {"vat_regime": "EXONERATION", "exemption": "VATEX-EU-O"}
            operations.change(
                draft=draft,
                actor=acting(request),
                at=now(),
                fields=fields,
                lines=[_typed(line) for line in lines],
                answers=kept,
            )
            return redirect("entry_amount", uid=draft.invoice.uid)
    stops = {finding.field or "": finding.message for finding in refusals(findings)}
    context |= {
        "situation": found,
        "questions": [_asked(question, answers, stops.get(question.name, "")) for question in found.questions],
        "advice": [finding.message for finding in findings if finding.severity == "warning"],
        "trouble": trouble,
        "errors": [{"message": message, "field_id": f"id_{name}"} for name, message in stops.items()],
    }
    return render(request, "entry/situation.html", context, status=422 if stops or trouble else 200)


def _answers(request: HttpRequest, situation: Situation) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for question in situation.questions:
        if question.kind == "choices":
            answers[question.name] = tuple(storable(answer)[:60] for answer in request.POST.getlist(question.name))
        else:
            answers[question.name] = storable(request.POST.get(question.name, ""))[:1000]
    return answers


def _known(draft: Draft, situation: Situation) -> dict[str, Any]:
    """What was answered the last time these questions were shown for this draft."""
    kept = draft.typed.get("answers", {})
    known: dict[str, Any] = {}
    for question in situation.questions:
        value = kept.get(question.name, question.default)
        known[question.name] = tuple(value.split(", ")) if question.kind == "choices" and value else value
    return known


def _asked(question: Any, answers: Mapping[str, Any], wrong: str) -> dict[str, Any]:
    value = answers.get(question.name, "")
    chosen = value if isinstance(value, tuple) else (value,)
    return {
        "name": question.name,
        "label": question.label,
        "help": question.help,
        "kind": question.kind,
        "is_required": question.is_required,
        "value": "" if isinstance(value, tuple) else value,
        "options": [
            {"value": option.value, "label": option.label, "is_chosen": option.value in chosen}
            for option in question.options
        ],
        "only_if": question.only_if,
        "is_asked": question.is_asked(answers),
        "wrong": wrong,
    }


def _typed(line: LineProposal) -> dict[str, str]:
    """A proposed line as someone would have typed it: all of it may still be changed."""
    return {
        "name": line.name,
        "description": line.description,
        "quantity": _french(line.quantity),
        "unit": line.unit,
        "price": _french(line.price),
        "rate": _french(line.vat.rate) if line.vat.rate else "0",
        "nature": line.nature.value,
    }


def _french(value: Any) -> str:
    return f"{value:f}".replace(".", ",")


def _regime(settings: InvoiceSettings) -> Regime:
    return {"SANS_TVA": Regime.FRANCHISE, "EXONERATION": Regime.NON_PROFIT}.get(settings.vat_regime, Regime.LIABLE)


# -- How much? ------------------------------------------------------------------------------------------------------


@page(get=PREPARE_INVOICE, post=PREPARE_INVOICE, back="issued_invoice")
def amount(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """The lines with their prices, and only what this recipient asks for besides. Saved as the sheet is."""
    draft = _draft(invoice)
    if isinstance(draft, HttpResponse):
        return draft
    if request.method == "POST":
        return keep(request, draft, here="entry_amount", shown=amount_page)
    return amount_page(request, draft)


def amount_page(
    request: HttpRequest,
    draft: Draft,
    *,
    findings: list[Finding] | None = None,
    status: int = 200,
    conflict: dict[str, Any] | None = None,
) -> HttpResponse:
    """The last question; where something stops the sending, each field that mends it is asked for too."""
    understood = understood_of(draft)
    form = EntryForm(draft=draft, findings=findings or [])
    demands = requirements_of(form.body, None) if form.body else None
    shown = {"bank_account", "delivery_date"} | ({"buyer_service", "commitment"} if demands else set())
    if understood.values["vat_regime"] == "":
        shown.add("vat_regime")
    if not understood.is_credit:
        shown |= {"type_code", "deducts", "prepaid_amount", "prepaid_date"}
    to_mend = [name for name in form.fields if name in form.errors and name not in shown]
    context = {
        "draft": draft,
        "invoice": draft.invoice,
        "steps": steps(2, draft.invoice, how_much="entry_amount"),
        "form": form,
        "conflict": conflict,
        "errors": errors(findings or [], form),
        "to_mend": [form[name] for name in to_mend],
        "hidden": [(name, text) for name, text in draft.fields.items() if name not in shown and name not in to_mend],
        "asks_service": demands is not None,
        **grid_context(draft, understood, findings or []),
        **routing_context(form),
    }
    return render(request, "entry/amount.html", context, status=status)
