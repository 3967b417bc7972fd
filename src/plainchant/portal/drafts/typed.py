"""What was typed in the entry form, understood: values where they can be, one sentence where they cannot.

Plain: no database. A form's content is `{"fields": {name: text}, "lines": [{name: text}]}`; nothing of it is ever
refused for being wrong, it is kept and told.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from plainchant.capture.amounts import parse_digits
from plainchant.capture.dates import dates_in
from plainchant.einvoice.amounts import ZERO, decimals, to_cents
from plainchant.einvoice.codes.cadres import ENTERED, ORDINARY
from plainchant.einvoice.codes.currencies import CURRENCIES
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE, INVOICE
from plainchant.einvoice.codes.invoice_types import OFFERED as OFFERED_TYPES
from plainchant.einvoice.codes.payment_means import PAYMENT_MODE_OF
from plainchant.einvoice.codes.units import DEFAULT as DEFAULT_UNIT
from plainchant.einvoice.codes.units import OFFERED as UNITS
from plainchant.einvoice.finding import Finding, Severity, refusals
from plainchant.einvoice.law.exemptions import EXEMPTION_OF, FRANCHISE
from plainchant.einvoice.law.vat_rates import rates, written
from plainchant.einvoice.law.vat_regimes import VAT_REGIME_OF
from plainchant.einvoice.making.composing import Nature, SheetLine
from plainchant.einvoice.model import VatCategory
from plainchant.reader.text import storable

MAX_LINES = 500

# Name → the longest text kept. What a sheet has, in the form's order.
FIELDS: dict[str, int] = {
    "buyer": 30,
    "buyer_service": 100,
    "bank_account": 40,
    "billing_framework": 3,
    "validator": 30,
    "type_code": 3,
    "number": 100,
    "issue_date": 30,
    "currency": 10,
    "preceding_number": 100,
    "preceding_date": 30,
    "delivery_date": 30,
    "delivery_end": 30,
    "commitment": 100,
    "contract": 100,
    "vat_regime": 20,
    "exemption": 30,
    "exemption_text": 300,
    "payment_mode": 12,
    "discount": 30,
    "discount_reason": 200,
    "comment": 2000,
    "situation": 40,
}
LINE_FIELDS: dict[str, int] = {
    "name": 300,
    "description": 2000,
    "reference": 60,
    "quantity": 30,
    "unit": 5,
    "price": 30,
    "discount": 30,
    "rate": 12,
    "nature": 10,
}
MAX_NAME, MAX_DESCRIPTION = 250, 1024  # BR-FR-CPRO-31 for the second; the first is ours, a line of a page
_NUMBER = re.compile(r"(?P<sign>[-−]\s?)?(?P<digits>\d[\d\s.,'’]*)")


class NotUnderstood(ValueError):
    """A text that is no amount, no date: the sentence says what to write."""


def cleaned(typed: Mapping[str, Any]) -> dict[str, Any]:
    """A form's content in its agreed shape, whatever came: known names, texts, bounded."""
    given = typed.get("fields")
    fields = given if isinstance(given, Mapping) else {}
    rows = typed.get("lines")
    lines = rows if isinstance(rows, list) else []
    return {
        "fields": {name: storable(str(fields.get(name, "")))[:longest] for name, longest in FIELDS.items()},
        "lines": [
            {name: storable(str(line.get(name, "")))[:longest] for name, longest in LINE_FIELDS.items()}
            for line in lines[:MAX_LINES]
            if isinstance(line, Mapping)
        ],
        "answers": _answers(typed.get("answers")),
    }


def _answers(given: object) -> dict[str, str]:
    """What was answered about the situation of an artist-author: kept to be shown again."""
    if not isinstance(given, Mapping):
        return {}
    return {storable(str(name))[:60]: storable(str(value))[:1000] for name, value in list(given.items())[:60]}


def number(text: str, *, places: int, what: str, example: str) -> Decimal | None:
    """« 1 234,56 » → Decimal; None for an empty text. Raises NotUnderstood, also beyond ``places`` decimals."""
    shown = text.strip()
    bare = shown.rstrip("€%").strip()
    if not shown:
        return None
    hit = _NUMBER.fullmatch(bare)
    try:
        value = parse_digits(hit["digits"]) if hit else None
    except InvalidOperation:
        value = None
    if hit is None or value is None:
        raise NotUnderstood(f"« {shown[:30]} » n’est pas {what}. Écrivez par exemple {example}.")
    if hit["sign"]:
        value = -value
    if decimals(value) > places:
        raise NotUnderstood(f"« {shown[:30]} » a trop de décimales : {places} au plus. Arrondissez.")
    if abs(value) >= Decimal(10) ** 12:
        raise NotUnderstood(f"« {shown[:30]} » est trop grand : 12 chiffres au plus avant la virgule.")
    return value


def day(text: str) -> date | None:
    """« 12/03/2026 » or « 12 mars 2026 » → date; None for an empty text. Raises NotUnderstood."""
    shown = text.strip()
    if not shown:
        return None
    plain = "".join(c for c in unicodedata.normalize("NFD", shown.lower()) if not unicodedata.combining(c))
    found = dates_in(plain)
    if len(found) != 1 or plain[: found[0].start].strip() or plain[found[0].end :].strip():
        raise NotUnderstood(f"« {shown[:30]} » n’est pas une date. Écrivez le jour, le mois et l’année : 12/03/2026.")
    return found[0].value


@dataclass
class Understood:
    """The values of a form, and everything that could not be one. A line that is not whole is None."""

    values: dict[str, Any] = field(default_factory=dict)
    lines: list[SheetLine | None] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def whole_lines(self) -> tuple[SheetLine, ...]:
        return tuple(line for line in self.lines if line is not None)

    def _say(self, field_name: str, rule: str, message: str, severity: Severity = "fatal") -> None:
        self.findings.append(Finding(rule, message, field_name, severity))


def understand(typed: Mapping[str, Any]) -> Understood:
    """Everything that was typed (`cleaned`), understood as far as it can be."""
    told = Understood()
    fields: Mapping[str, str] = typed["fields"]
    for name in FIELDS:
        told.values[name] = " ".join(fields[name].split()) if name not in ("comment",) else fields[name].strip()
    _parse(told, "issue_date", lambda: day(fields["issue_date"]))
    _parse(told, "preceding_date", lambda: day(fields["preceding_date"]))
    _parse(told, "delivery_date", lambda: day(fields["delivery_date"]))
    _parse(told, "delivery_end", lambda: day(fields["delivery_end"]))
    _parse(told, "discount", lambda: number(fields["discount"], places=2, what="un montant", example="50,00") or ZERO)
    _defaults(told)
    _choices(told)
    without_vat = _without_vat(told)
    for place, line in enumerate(typed["lines"]):
        told.lines.append(_line(told, place, line, without_vat))
    _whole(told)
    return told


def _parse(told: Understood, name: str, read: Callable[[], object]) -> None:
    try:
        told.values[name] = read()
    except NotUnderstood as error:
        told.values[name] = None
        told._say(name, "SAISIE-FORME", str(error))


_DEFAULTS = {"type_code": INVOICE, "currency": "EUR", "billing_framework": ORDINARY}


def _defaults(told: Understood) -> None:
    told.values["currency"] = told.values["currency"].upper()
    for name, value in _DEFAULTS.items():
        told.values[name] = told.values[name] or value
    if told.values["discount"] is None:
        told.values["discount"] = ZERO


def _choices(told: Understood) -> None:
    values = told.values
    is_credit = values["type_code"] == CREDIT_NOTE
    if values["type_code"] not in OFFERED_TYPES:
        told._say("type_code", "CPRO-TYPE", "Dites s’il s’agit d’une facture ou d’un avoir.")
    if values["currency"] not in CURRENCIES:
        told._say(
            "currency", "CPRO-DEVISE", f"« {values['currency'][:10]} » n’est pas une monnaie. Écrivez EUR pour l’euro."
        )
    if values["billing_framework"] not in dict(ENTERED):
        told._say("billing_framework", "CPRO-G1.02", "Choisissez qui facture : le cas ordinaire est le cadre A1.")
    if is_credit:
        values["payment_mode"] = ""  # nothing is paid
    elif values["payment_mode"] not in PAYMENT_MODE_OF:
        told._say("payment_mode", "CPRO-PAIEMENT", "Dites comment vous voulez être payé. D’habitude : par virement.")
    if values["delivery_end"] and values["delivery_date"] and values["delivery_end"] < values["delivery_date"]:
        told._say(
            "delivery_end", "SAISIE-PERIODE", "La fin de la prestation vient avant son début. Vérifiez les deux dates."
        )
    if values["delivery_end"] and not values["delivery_date"]:
        told._say("delivery_date", "SAISIE-PERIODE", "Vous donnez la fin de la prestation : donnez aussi son début.")
    if values["discount"] < 0:
        told._say("discount", "SAISIE-REMISE", "Une remise s’écrit sans signe moins : elle est retirée du total.")
    if values["discount"] and not values["discount_reason"]:
        told._say("discount_reason", "SAISIE-REMISE-MOTIF", "Dites en quelques mots pourquoi vous faites cette remise.")


def _without_vat(told: Understood) -> VatCategory | None:
    """How a line without VAT is coded, from the reason chosen; None when no reason is."""
    values = told.values
    regime = VAT_REGIME_OF.get(values["vat_regime"])
    if regime is None:
        told._say("vat_regime", "CPRO-TVA-REGIME", "Dites comment la TVA s’applique à cette facture.")
    if not values["exemption"] and values["vat_regime"] == "SANS_TVA":
        values["exemption"] = FRANCHISE
    row = EXEMPTION_OF.get(values["exemption"])
    if row is None:
        if values["vat_regime"] == "EXONERATION":
            told._say(
                "exemption",
                "SAISIE-EXONERATION",
                "Choisissez l’article qui vous exonère de TVA : il doit figurer sur la facture.",
            )
        return None
    return VatCategory(
        code=row.category,
        rate=None if row.category == "O" else ZERO,  # what is outside VAT has no rate (BR-O-05)
        exemption_reason=values["exemption_text"] or row.mention,
        exemption_reason_code=row.code,
    )


def _line(told: Understood, place: int, typed: Mapping[str, str], without_vat: VatCategory | None) -> SheetLine | None:
    """One line, None when a value of it is missing or wrong."""
    before = len(refusals(told.findings))

    def say(name: str, rule: str, message: str, severity: Severity = "fatal") -> None:
        told._say(f"lines-{place}-{name}", rule, f"Ligne {place + 1} : {message}", severity)

    def parsed(name: str, places: int, what: str, example: str) -> Decimal | None:
        try:
            return number(typed[name], places=places, what=what, example=example)
        except NotUnderstood as error:
            say(name, "SAISIE-FORME", str(error))
            return None

    name, description = " ".join(typed["name"].split()), typed["description"].strip()
    if not name:
        say("name", "SAISIE-LIGNE-NOM", "dites ce que vous facturez, par exemple « Rencontre avec une classe ».")
    elif len(name) > MAX_NAME:
        say("name", "SAISIE-LIGNE-NOM", f"{len(name)} caractères, {MAX_NAME} au plus. Mettez le reste en description.")
    if len(description) > MAX_DESCRIPTION:
        say(
            "description",
            "BR-FR-CPRO-31",
            f"la description compte {len(description)} caractères, {MAX_DESCRIPTION} au plus. Raccourcissez-la.",
        )
    quantity = parsed("quantity", 4, "une quantité", "2 ou 1,5")
    if quantity is None and not typed["quantity"].strip():
        say("quantity", "SAISIE-LIGNE-QUANTITE", "indiquez la quantité, 1 s’il n’y en a qu’une.")
    price = parsed("price", 6, "un prix", "250,00")
    if price is None and not typed["price"].strip():
        say("price", "SAISIE-LIGNE-PRIX", "indiquez le prix d’une unité, hors taxes.")
    if price is not None and price < 0:
        say("price", "BR-27", "un prix n’est jamais négatif. Pour retirer un montant, mettez une quantité de -1.")
    discount = parsed("discount", 2, "un montant", "10,00") or ZERO
    unit = typed["unit"].strip().upper() or DEFAULT_UNIT
    if unit not in {row.code for row in UNITS}:
        say("unit", "BR-CL-23", "choisissez l’unité dans la liste.")
    vat = _vat(told, say, typed, without_vat)
    if len(refusals(told.findings)) > before or quantity is None or price is None or vat is None:
        return None
    if discount and abs(discount) > abs(to_cents(quantity * price)):
        say("discount", "SAISIE-REMISE", "la remise dépasse le montant de la ligne. Vérifiez-la.")
        return None
    return SheetLine(
        name=name,
        description=description,
        reference=typed["reference"].strip(),
        quantity=quantity,
        unit=unit,
        price=price,
        discount=discount,
        vat=vat,
        nature=Nature.GOODS if typed["nature"] == Nature.GOODS else Nature.SERVICES,
    )


def _vat(
    told: Understood,
    say: Callable[..., None],
    typed: Mapping[str, str],
    without_vat: VatCategory | None,
) -> VatCategory | None:
    """The VAT of a line: the rate of the list or typed; 0 where the whole invoice bears none."""
    regime = VAT_REGIME_OF.get(told.values["vat_regime"])
    if regime is None:
        return None  # told already, once for all lines
    if not regime.bears_tax:
        return without_vat
    try:
        rate = number(typed["rate"], places=2, what="un taux", example="20 ou 5,5")
    except NotUnderstood as error:
        say("rate", "SAISIE-FORME", str(error))
        return None
    if rate is None:
        say("rate", "SAISIE-LIGNE-TAUX", "choisissez le taux de TVA.")
        return None
    if rate == 0:
        if without_vat is None:
            say("rate", "SAISIE-LIGNE-TAUX", "au taux 0, dites plus bas pourquoi : choisissez le motif d’exonération.")
        return without_vat
    if not 0 < rate < 100:
        say("rate", "SAISIE-LIGNE-TAUX", "un taux de TVA est entre 0 et 100. Écrivez par exemple 20.")
        return None
    if rate not in (possible := _possible_rates(told)):
        listed = ", ".join(map(written, possible))
        say(
            "rate",
            "SAISIE-TAUX-INCONNU",
            f"{written(rate)} % n’est pas un taux de TVA en vigueur en France ({listed}). "
            f"Vérifiez-le : il reste tel que vous l’avez écrit.",
            "warning",
        )
    # One writing a rate: 20.0 and 20 are one row of the summary, and 5,50 reads 5.5.
    whole = rate.to_integral_value()
    return VatCategory(code="S", rate=whole if rate == whole else rate.normalize())


def _possible_rates(told: Understood) -> tuple[Decimal, ...]:
    """The rates in force on one of the days that the sheet gives: a credit note may bear that of an older invoice."""
    days = [told.values[name] for name in ("issue_date", "delivery_date", "delivery_end", "preceding_date")]
    found = dict.fromkeys(rate for day in days if day for rate in rates(at=day))
    return tuple(found) or rates()


def _whole(told: Understood) -> None:
    if not told.lines:
        told._say("lines", "SAISIE-SANS-LIGNE", "Ajoutez au moins une ligne : ce que vous facturez, et son prix.")
