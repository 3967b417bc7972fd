"""One question at a time: who are you, who do you invoice, what did you do, how much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.einvoice.finding import refusals
from plainchant.einvoice.law.dated import NotKnown
from plainchant.einvoice.law.french_vat import Regime
from plainchant.einvoice.law.vat_rates import Territory, territory_of
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
from plainchant.portal.directory.queries import search
from plainchant.portal.directory.requirements import requirements_of
from plainchant.portal.drafts import operations, queries
from plainchant.portal.drafts.models import Entry, InvoiceSettings
from plainchant.portal.drafts.operations import EntryHasChanged
from plainchant.portal.drafts.permissions import MANAGE_INVOICE_SETTINGS
from plainchant.portal.drafts.typed import cleaned, understand
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import PREPARE_INVOICE
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.rights.permissions import may
from plainchant.reader.text import storable
from plainchant.web.account.visitor import acting, person
from plainchant.web.directory import words
from plainchant.web.routes import page

from .forms import SheetForm
from .sheet import entry_or_404, grid_context, routing_context, steps

AUTHOR = "AUTHOR"
OUTSIDE_VAT = "O"  # UNTDID 5305


def _draft(invoice: Invoice) -> Entry | HttpResponse:
    entry = entry_or_404(invoice)
    return entry if invoice.status == Status.DRAFT else redirect("issued_invoice", uid=invoice.uid)


def _fill(entry: Entry, **changes: Any) -> Entry:
    """Save a draft with some of it replaced: what one question changes."""
    typed = {
        "fields": {**entry.typed["fields"], **changes.pop("fields", {})},
        "lines": changes.pop("lines", entry.typed["lines"]),
        "answers": changes.pop("answers", entry.typed.get("answers", {})),
    }
    return operations.save(entry=entry, typed=typed, revision=entry.revision, at=now())


# -- Who are you? -------------------------------------------------------------------------------------------------


@page(get=PREPARE_INVOICE, post=PREPARE_INVOICE)
def preset(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Asked until the structure's manager has answered: what its invoices have in common.

    Anybody else's answer holds for this invoice only.
    """
    entry = _draft(invoice)
    if isinstance(entry, HttpResponse):
        return entry
    chosen, regime = request.POST.get("preset", ""), request.POST.get("regime", "")
    wrong = ""
    if request.method == "POST":
        row = PRESET_OF.get(chosen)
        if row is None:
            wrong = "Choisissez ce qui vous ressemble le plus : vous pourrez tout changer sur la facture."
        elif regime not in {one.value for one in row.regimes}:
            regime = row.regime.value if len(row.regimes) == 1 else ""
            wrong = "" if regime else "Dites si vous facturez la TVA."
        if row is not None and not wrong:
            _settle(request, entry, row, Regime(regime))
            return redirect(_after_preset(entry), uid=invoice.uid)
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


def _settle(request: HttpRequest, entry: Entry, row: Preset, regime: Regime) -> None:
    values = {
        "preset": row.code,
        "is_sole_trader": row.name_suffix == "EI",
        "vat_regime": VAT_REGIME_OF[regime],
        "exemption": EXEMPTION_OF_REGIME.get(regime, ""),
    }
    seller = entry.invoice.seller
    if may(acting(request), MANAGE_INVOICE_SETTINGS, seller):
        operations.save_settings(structure=seller, values=values, user=person(request), at=now())
    _fill(entry, fields={"vat_regime": values["vat_regime"], "exemption": values["exemption"]})


EXEMPTION_OF_REGIME = {Regime.FRANCHISE: "VATEX-FR-FRANCHISE", Regime.NON_PROFIT: "VATEX-FR-CGI261-7"}


def _after_preset(entry: Entry) -> str:
    return "entry_work" if entry.typed["fields"]["buyer"] else "entry_recipient"


# -- Who do you invoice? --------------------------------------------------------------------------------------------


@page(get=PREPARE_INVOICE, post=PREPARE_INVOICE)
def recipient(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Find the recipient in the directory; choosing one leads to the next question."""
    entry = _draft(invoice)
    if isinstance(entry, HttpResponse):
        return entry
    if request.method == "POST":
        chosen = storable(request.POST.get("buyer", ""))[:30]
        try:
            entry = _fill(entry, fields={"buyer": chosen, "buyer_service": ""})
        except (EntryHasChanged, StatusHasChanged):
            return redirect("entry_sheet", uid=invoice.uid)
        return redirect(
            "entry_sheet" if any(_has_text(line) for line in entry.typed["lines"]) else "entry_work", uid=invoice.uid
        )
    text = storable(request.GET.get("q", "")).strip()[:200]
    found = search(text=text) if text else None
    template = "entry/_recipients.html" if request.htmx else "entry/recipient.html"  # type: ignore[attr-defined]
    context = {
        "invoice": invoice,
        "text": text,
        "found": found,
        "said": words.found(found, text) if found else "",
        "steps": steps(0, invoice),
    }
    return render(request, template, context)


def _has_text(line: Mapping[str, str]) -> bool:
    return bool(line.get("name", "").strip())


# -- What did you do? -----------------------------------------------------------------------------------------------


@page(get=PREPARE_INVOICE, post=PREPARE_INVOICE)
def work(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """An artist-author's situation, or a few words."""
    entry = _draft(invoice)
    if isinstance(entry, HttpResponse):
        return entry
    settings = queries.settings_of(structure=invoice.seller)
    if settings is not None and settings.preset == AUTHOR and request.GET.get("mots") != "1":
        return _situation(request, entry, settings)
    return _in_a_few_words(request, entry)


def _in_a_few_words(request: HttpRequest, entry: Entry) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in ("name", "description", "nature", "delivery_date")}
    wrong: dict[str, str] = {}
    if request.method == "POST":
        if not typed["name"].strip():
            wrong["name"] = "Dites en quelques mots ce que vous facturez."
        line = {**entry.typed["lines"][0], **{key: typed[key] for key in ("name", "description", "nature")}}
        probe = cleaned({"fields": {**entry.typed["fields"], "delivery_date": typed["delivery_date"]}, "lines": [line]})
        for finding in understand(probe).findings:
            if finding.field == "delivery_date":
                wrong["delivery_date"] = finding.message
            elif finding.field in ("lines-0-name", "lines-0-description"):
                wrong.setdefault(finding.field.removeprefix("lines-0-"), finding.message.removeprefix("Ligne 1 : "))
        if not wrong:
            _fill(
                entry,
                fields={"delivery_date": typed["delivery_date"], "situation": ""},
                lines=[line, *entry.typed["lines"][1:]],
            )
            return redirect("entry_amount", uid=entry.invoice.uid)
    else:
        first = entry.typed["lines"][0] if entry.typed["lines"] else {}
        typed = {key: first.get(key, "") for key in ("name", "description", "nature")}
        typed["delivery_date"] = entry.typed["fields"]["delivery_date"]
    context = {
        "invoice": entry.invoice,
        "typed": typed,
        "wrong": wrong,
        "errors": [{"message": message, "field_id": f"id_{name}"} for name, message in wrong.items()],
        "steps": steps(1, entry.invoice),
    }
    return render(request, "entry/words.html", context, status=422 if wrong else 200)


def _situation(request: HttpRequest, entry: Entry, settings: InvoiceSettings) -> HttpResponse:
    day = day_in_paris(now())
    code = request.POST.get("situation") or request.GET.get("situation", "")
    found = SITUATION_OF.get(code)
    context: dict[str, Any] = {"invoice": entry.invoice, "steps": steps(1, entry.invoice)}
    if found is None or found not in situations_for(at=day):
        wrong = "Choisissez ce qui ressemble le plus à votre travail." if request.method == "POST" else ""
        return render(
            request,
            "entry/situations.html",
            context | {"situations": situations_for(at=day), "wrong": wrong},
            status=422 if wrong else 200,
        )
    if not found.lines:
        others = [SITUATION_OF[one] for one in found.leads_to]
        return render(request, "entry/nothing.html", context | {"situation": found, "others": others})
    is_answered = request.method == "POST" and "answered" in request.POST
    answers = _answers(request, found) if is_answered else _known(entry, found)
    findings = check_answers(situation=found, answers=answers, at=day) if is_answered else []
    trouble = ""
    if is_answered and not refusals(findings):
        try:
            lines = lines_for(
                situation=found,
                answers=answers,
                regime=_regime(settings),
                territory=_territory(settings),
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
            _fill(entry, fields=fields, lines=[_typed(line) for line in lines], answers=kept)
            return redirect("entry_amount", uid=entry.invoice.uid)
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
    told: dict[str, Any] = {}
    for question in situation.questions:
        if question.kind == "choices":
            told[question.name] = tuple(storable(one)[:60] for one in request.POST.getlist(question.name))
        else:
            told[question.name] = storable(request.POST.get(question.name, ""))[:1000]
    return told


def _known(entry: Entry, situation: Situation) -> dict[str, Any]:
    """What was answered the last time these questions were shown for this draft."""
    kept = entry.typed.get("answers", {})
    told: dict[str, Any] = {}
    for question in situation.questions:
        value = kept.get(question.name, question.default)
        told[question.name] = tuple(value.split(", ")) if question.kind == "choices" and value else value
    return told


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
            {"value": one.value, "label": one.label, "is_chosen": one.value in chosen} for one in question.options
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


def _territory(settings: InvoiceSettings) -> Territory:
    """Where the supplier's VAT is due: what it has said, or else what its postcode says. Raises NotKnown."""
    if settings.territory:
        return Territory(settings.territory)
    return territory_of(postcode=settings.structure.postcode)


# -- How much? ------------------------------------------------------------------------------------------------------


@page(get=PREPARE_INVOICE)
def amount(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """The lines with their prices, and only what this recipient asks for besides. Sent like the sheet."""
    entry = _draft(invoice)
    if isinstance(entry, HttpResponse):
        return entry
    told = understand(entry.typed)
    form = SheetForm(entry=entry)
    demands = requirements_of(form.body, None) if form.body else None
    shown = {"bank_account", "delivery_date"} | ({"buyer_service", "commitment"} if demands else set())
    if told.values["vat_regime"] == "":
        shown.add("vat_regime")
    context = {
        "entry": entry,
        "invoice": invoice,
        "steps": steps(2, invoice),
        "form": form,
        "hidden": [(name, text) for name, text in entry.typed["fields"].items() if name not in shown],
        "asks_service": demands is not None,
        "sheet_url": reverse("entry_sheet", args=[invoice.uid]),
        **grid_context(entry, told, []),
        **routing_context(form),
    }
    return render(request, "entry/amount.html", context)
