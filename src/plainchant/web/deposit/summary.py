"""« Voici ce que nous avons lu »: what a draft says as a page would, each value a text that opens into its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from plainchant.einvoice.codes.cadres import VALIDATED
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE
from plainchant.einvoice.codes.works import WORKS
from plainchant.portal.drafts.readiness import Readiness
from plainchant.portal.drafts.values import NotUnderstood, number
from plainchant.web.templatetags.plainchant import money, siret

from .viewer import element_of

_NONE = "aucun"


@dataclass(frozen=True)
class SummaryLine:
    """One value. ``fields`` are those that correct it; it stands open where ``is_asked``.

    ``is_likely``: read with less than certainty. ``place``: the id of the element that the viewer's place points at.
    """

    name: str
    label: str
    text: str
    fields: tuple[forms.BoundField, ...]
    note: str | SafeString = ""
    is_asked: bool = False
    is_likely: bool = False
    is_empty: bool = False

    @property
    def place(self) -> str:
        return element_of(self.name)


@dataclass(frozen=True)
class Summary:
    """The lines in the order of a document. ``rest`` is what is seldom said on one."""

    routing: list[SummaryLine] = field(default_factory=list)
    invoice: list[SummaryLine] = field(default_factory=list)
    amounts: list[SummaryLine] = field(default_factory=list)
    payment: list[SummaryLine] = field(default_factory=list)
    rest: list[SummaryLine] = field(default_factory=list)

    @property
    def asked(self) -> list[SummaryLine]:
        return [
            line
            for group in (self.routing, self.invoice, self.amounts, self.payment, self.rest)
            for line in group
            if line.is_asked
        ]

    @property
    def has_likely(self) -> bool:
        return any(line.is_likely for line in (*self.routing, *self.invoice, *self.amounts, *self.payment))


def summary_of(form: Any, readiness: Readiness | None, *, asked: Mapping[str, Any], is_all_open: bool) -> Summary:
    """``form`` is the `InvoiceForm`; ``asked`` names the fields about which there is a question."""

    def line(name: str, label: str, text: str, *more: str, note: str | SafeString = "", empty: str = _NONE) -> Any:
        read = readiness.values.get(name) if readiness is not None else None
        names = (name, *more)
        return SummaryLine(
            name=name,
            label=label,
            text=text or empty,
            fields=tuple(form[each] for each in names),
            note=note,
            is_asked=is_all_open or any(each in asked or form.errors.get(each) for each in names),
            is_likely=bool(text) and read is not None and read.certainty == "likely",
            is_empty=not text,
        )

    def typed(name: str) -> str:
        return str(form[name].value() or "").strip()

    def chosen(name: str) -> str:
        value = typed(name)
        return next((str(label) for code, label in form.fields[name].choices if value and str(code) == value), value)

    currency = typed("currency") or "EUR"

    def amount(name: str) -> str:
        try:
            value = number(typed(name), places=6, what="", example="")
        except NotUnderstood:
            return typed(name)
        return money(value, currency)

    is_credit = typed("type_code") == CREDIT_NOTE
    body = form.body
    buyer = f"{body.name}, {body.postcode} {body.city}".strip(" ,") if body else typed("buyer")
    contract = line("contract", "Marché", typed("contract"))
    preceding = line("preceding_number", "Facture d’origine", typed("preceding_number"))
    details = [
        line("currency", "Monnaie", typed("currency")),
        line("billing_framework", "Votre cas", chosen("billing_framework"), *_ACTORS, note=_actors(typed)),
    ]
    unusual = [each for each in details if each.is_asked]
    return Summary(
        routing=[
            line("buyer", "À", buyer, note=_siret_of(body), empty="destinataire à choisir"),
            line("buyer_service", "Service", chosen("buyer_service")),
            line("commitment", "Engagement", typed("commitment")),
        ],
        invoice=[
            line("number", "Numéro", typed("number")),
            line("issue_date", "Date", typed("issue_date"), empty="à indiquer"),
            line("type_code", "Type", chosen("type_code")),
            *([preceding] if is_credit or preceding.is_asked or not preceding.is_empty else []),
            *([contract] if contract.is_asked or not contract.is_empty else []),
            *unusual,
        ],
        amounts=[
            line("tax_exclusive_amount", "Total HT", amount("tax_exclusive_amount"), empty="à indiquer"),
            line("tax_amount", "TVA", amount("tax_amount"), empty="à indiquer"),
            line("tax_inclusive_amount", "Total TTC", amount("tax_inclusive_amount"), empty="à indiquer"),
            line("payable_amount", "À payer", amount("payable_amount"), empty="à indiquer"),
            line("vat_regime", "Régime de TVA", chosen("vat_regime"), empty="à indiquer"),
        ],
        payment=[line("bank_account", "Compte", chosen("bank_account"), empty=str(form.no_account).lower())],
        rest=[
            *([] if is_credit or preceding.is_asked or not preceding.is_empty else [preceding]),
            *([] if contract.is_asked or not contract.is_empty else [contract]),
            *[each for each in details if each not in unusual],
        ],
    )


_ACTORS = ("validator", "moe", "moa")


def _actors(typed: Callable[[str], str]) -> str:
    """Who validates, or examines works, under the case in which somebody does."""
    cadre = typed("billing_framework")
    asked = {"validator": "valideur"} if cadre in VALIDATED else {}
    if cadre in WORKS:
        asked = {"moe": "maître d’œuvre", "moa": "maître d’ouvrage"}
    return ", ".join(f"{name} : SIRET {typed(field)}" for field, name in asked.items() if typed(field))


def _siret_of(body: Any) -> str:
    return f"SIRET {strip_tags(str(siret(body.identifier)))}" if body else ""
