"""What the page says, as plain data: the model's terms in French words, each in its place.

Nothing is lost: a term that has no place in the layout goes to « Autres informations ». The sheet knows which were
placed, because it hands them out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from plainchant.einvoice.model import (
    AllowanceCharge,
    Classification,
    Group,
    Identifier,
    Invoice,
    Line,
    Party,
    PaymentMeans,
    SupportingDocument,
    VatCategory,
)

from .labels import DOCUMENTS, FIELDS, GROUPS, PAYMENT_MEANS, TAX_POINTS, UNITS, VAT

NARROW = "\u202f"
_NEVER = frozenset({"content", "rows", "tax_type", "is_proprietary"})  # bytes, doings of the file, « VAT » said often


def amount(value: Decimal, *, least: int = 2) -> str:
    """1 234,56: at least ``least`` decimals, and all that are written."""
    sign = "−" if value < 0 else ""
    whole, _, cents = f"{abs(value):f}".partition(".")
    groups = f"{int(whole):,}".replace(",", NARROW)
    cents = cents.rstrip("0").ljust(least, "0")
    return f"{sign}{groups},{cents}" if cents else f"{sign}{groups}"


def money(value: Decimal, currency: str) -> str:
    return f"{amount(value)}\u00a0{'€' if currency == 'EUR' else currency}"


def day(value: date) -> str:
    return f"{value:%d/%m/%Y}"


def shown(value: Any) -> str:
    """Any scalar of the model, as people write it."""
    if isinstance(value, Decimal):
        return amount(value, least=0)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Identifier):
        return f"{value.value} ({value.scheme})" if value.scheme else value.value
    if isinstance(value, Classification):
        listed = " ".join(part for part in (value.list_id, value.version) if part)
        return f"{value.code} ({listed})" if listed else value.code or ""
    return str(value)


class Sheet:
    """Hands out terms and remembers which."""

    def __init__(self, invoice: Invoice) -> None:
        self.invoice = invoice
        self.currency = invoice.currency or "EUR"
        self._placed: set[tuple[int, str]] = set()

    def take(self, group: Group | None, *names: str) -> list[str]:
        """The values of some fields, those that are there, marked as placed."""
        found = []
        for name in names:
            value = getattr(group, name) if group is not None else None
            if value is None or value == () or value == "":
                continue
            self._placed.add((id(group), name))
            found += [shown(one) for one in value] if isinstance(value, tuple) else [shown(value)]
        return found

    def one(self, group: Group | None, name: str) -> str:
        return next(iter(self.take(group, name)), "")

    def money(self, group: Group | None, name: str) -> str:
        value = getattr(group, name) if group is not None else None
        if value is None:
            return ""
        self._placed.add((id(group), name))
        return money(value, self.currency)

    def data(self) -> dict[str, Any]:
        """Everything the template prints, as JSON."""
        invoice = self.invoice
        totals = invoice.totals
        sheet = {
            "kind": DOCUMENTS.get(self.one(invoice, "type_code"), f"Document {invoice.type_code or ''}".strip()),
            "number": self.one(invoice, "number"),
            "date": self.one(invoice, "issue_date"),
            "year": invoice.issue_date.year if invoice.issue_date else 2000,
            "month": invoice.issue_date.month if invoice.issue_date else 1,
            "day": invoice.issue_date.day if invoice.issue_date else 1,
            "seller": self.party(invoice.seller),
            "buyer": self.party(invoice.buyer),
            "references": self.references(),
            "lines": list(self.lines()),
            "adjustments": [*self.adjustments(invoice.allowances, "−"), *self.adjustments(invoice.charges, "+")],
            "taxes": list(self.taxes()),
            "totals": [
                (label, self.money(totals, name), strong)
                for label, name, strong in (
                    ("Total des lignes", "line_extension_amount", False),
                    ("Total des remises", "allowance_total_amount", False),
                    ("Total des frais", "charge_total_amount", False),
                    ("Total HT", "tax_exclusive_amount", False),
                )
                if totals is not None and getattr(totals, name) is not None
            ]
            + self.tax_totals()
            + [
                (label, self.money(totals, name), strong)
                for label, name, strong in (
                    ("Total TTC", "tax_inclusive_amount", False),
                    ("Déjà payé", "prepaid_amount", False),
                    ("Arrondi", "rounding_amount", False),
                    ("À payer", "payable_amount", True),
                )
                if totals is not None and getattr(totals, name) is not None
            ],
            "payment": list(self.payment()),
            "notes": [
                [*self.take(note, "text"), *(f"({code})" for code in self.take(note, "subject_code"))]
                for note in invoice.notes
            ],
            "attachments": [self.attachment(document) for document in invoice.supporting_documents],
        }
        self.take(invoice, "currency")
        sheet["others"] = list(self.others())
        return sheet

    def party(self, party: Party | None) -> dict[str, Any]:
        address = party.address if party else None
        town = " ".join(self.take(address, "postcode", "city"))
        country = self.one(address, "country")
        lines = [
            *self.take(party, "trading_name"),
            *self.take(address, "line_1", "line_2", "line_3"),
            *((town,) if town else ()),
            *self.take(address, "subdivision"),
            *((country,) if country and country != "FR" else ()),
        ]
        numbers = [f"N° {number}" for number in self.take(party, "legal_registration", "identifiers")]
        numbers += [f"TVA {number}" for number in self.take(party, "vat_identifier")]
        numbers += [f"N° fiscal {number}" for number in self.take(party, "tax_registration")]
        contact = party.contact if party else None
        numbers += self.take(party, "legal_information")
        reach = self.take(contact, "name", "department", "telephone", "email") + self.take(party, "electronic_address")
        return {
            "name": self.one(party, "name"),
            "lines": lines,
            "numbers": list(dict.fromkeys(numbers)),
            "reach": reach,
        }

    def references(self) -> list[tuple[str, str]]:
        invoice = self.invoice
        rows = [
            ("Service (code service)", self.one(invoice, "buyer_reference")),
            ("N° d’engagement", self.one(invoice, "purchase_order_reference")),
            ("N° de marché", self.one(invoice, "contract_reference")),
            ("Échéance", self.one(invoice, "due_date")),
            ("Période", " – ".join(self.take(invoice.period, "start", "end"))),
            ("Livré le", self.one(invoice.delivery, "actual_date")),
        ]
        for preceding in invoice.preceding_invoices:
            cited = self.take(preceding, "number")
            cited += [f"du {when}" for when in self.take(preceding, "issue_date")]
            rows.append(("Facture d’origine", " ".join(cited)))
        return [(label, value) for label, value in rows if value]

    def lines(self) -> Iterator[dict[str, Any]]:
        running = Decimal(0)
        for line in self.invoice.lines:
            running += line.net_amount or 0
            item = line.item
            unit = self.one(line, "unit")
            yield {
                "number": self.one(line, "identifier"),
                "name": self.one(item, "name"),
                "details": self.line_details(line),
                "quantity": self.one(line, "quantity"),
                "unit": UNITS.get(unit, unit),
                "price": self.price(line),
                "vat": self.vat(line.vat),
                "amount": amount(line.net_amount)
                if self.take(line, "net_amount") and line.net_amount is not None
                else "",
                "running": money(running, self.currency),
            }

    def price(self, line: Line) -> str:
        value = line.price.net if line.price else None
        if value is None:
            return ""
        self.take(line.price, "net")
        base = self.one(line.price, "base_quantity")
        return amount(value) + (f" / {base}" if base and base != "1" else "")

    def line_details(self, line: Line) -> list[str]:
        item, details = line.item, []
        details += self.take(item, "description")
        for label, name in (
            ("Réf.", "seller_identifier"),
            ("Votre réf.", "buyer_identifier"),
            ("Code", "standard_identifier"),
        ):
            details += [f"{label} {value}" for value in self.take(item, name)]
        for attribute in item.attributes if item else ():
            details.append(" : ".join(self.take(attribute, "name", "value")))
        details += self.take(line, "note")
        period = self.take(line.period, "start", "end")
        if period:
            details.append(f"Période {' – '.join(period)}")
        details += [f"{label} {value}" for label, value in self.adjustments(line.allowances, "−")]
        details += [f"{label} {value}" for label, value in self.adjustments(line.charges, "+")]
        return [detail for detail in details if detail]

    def adjustments(self, group: tuple[AllowanceCharge, ...], sign: str) -> Iterator[tuple[str, str]]:
        for one in group:
            label = " ".join(self.take(one, "reason")) or ("Remise" if sign == "−" else "Frais")
            percentage = self.one(one, "percentage")
            base = self.money(one, "base_amount")
            told = (
                f" ({percentage} % de {base})"
                if percentage and base
                else f" ({percentage or base})"
                if percentage or base
                else ""
            )
            vat = self.vat(one.vat)
            yield f"{label}{told}{f', TVA {vat}' if vat else ''}", f"{sign} {self.money(one, 'amount')}"

    def vat(self, category: VatCategory | None) -> str:
        if category is None:
            return ""
        code, rate = self.one(category, "code"), self.one(category, "rate")
        words = VAT.get(code, code)
        return " ".join(part for part in (f"{rate} %" if rate else "", words) if part)

    def taxes(self) -> Iterator[dict[str, Any]]:
        for row in self.invoice.vat_breakdown:
            category = row.category
            yield {
                "vat": self.vat(category),
                "code": category.code if category and category.code else "",
                "base": self.money(row, "taxable_amount"),
                "tax": self.money(row, "tax_amount"),
                "why": " ".join(self.take(category, "exemption_reason", "exemption_reason_code")),
            }

    def tax_totals(self) -> list[tuple[str, str, bool]]:
        rows = []
        for one in self.invoice.tax_totals:
            if one.amount is None:
                continue
            currency = one.currency or self.currency
            self.take(one, "amount", "currency")
            label = "TVA" if currency == self.currency else f"TVA en {currency}"
            rows.append((label, money(one.amount, currency), False))
        return rows

    def payment(self) -> Iterator[tuple[str, str]]:
        invoice = self.invoice
        for means in invoice.payment_means:
            yield from self.means(means)
        for label, name in (
            ("Conditions", "payment_terms"),
            ("Référence à rappeler", "remittance_information"),
        ):
            value = self.one(invoice, name)
            if value:
                yield label, value

    def means(self, means: PaymentMeans) -> Iterator[tuple[str, str]]:
        code = self.one(means, "code")
        told = " ".join(
            part for part in (PAYMENT_MEANS.get(code, f"Code {code}" if code else ""), self.one(means, "text")) if part
        )
        if told:
            yield "Moyen", told
        transfer = means.credit_transfer
        account = self.one(transfer, "account")
        if account:
            compact = account.replace(" ", "")
            yield "Compte", NARROW.join(compact[at : at + 4] for at in range(0, len(compact), 4))
        for label, name in (("Titulaire", "account_name"), ("BIC", "service_provider")):
            value = self.one(transfer, name)
            if value:
                yield label, value

    def attachment(self, document: SupportingDocument) -> str:
        parts = self.take(document, "reference", "filename", "description", "location")
        return " – ".join(dict.fromkeys(parts))

    def others(self) -> Iterator[tuple[str, str]]:
        """What has no place of its own: label and value, in the order of the model."""
        yield from self._others(self.invoice, "")

    def _others(self, group: Group, above: str) -> Iterator[tuple[str, str]]:
        for row in fields(group):
            name = row.name
            value = getattr(group, name)
            if name == "source" or name in _NEVER or value is None or value == () or value == "":
                continue
            parts = value if isinstance(value, tuple) else (value,)
            if isinstance(parts[0], Group):
                for number, part in enumerate(parts, 1):
                    label = GROUPS.get(name, name)
                    if name == "lines":
                        label = f"{label} {part.identifier or number}"
                    yield from self._others(part, f"{above}{label}, " if name in GROUPS else above)
            elif (id(group), name) not in self._placed:
                for part in parts:
                    told = TAX_POINTS.get(part, shown(part)) if name == "tax_point_date_code" else shown(part)
                    label = (
                        f"{above}{FIELDS.get(name, name)}" if not above else f"{above}{FIELDS.get(name, name).lower()}"
                    )
                    yield label, told
