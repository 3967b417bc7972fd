"""What the page says, as plain data: the model's terms in French words, each where a reader expects it.

Nothing is lost: a term that has no place in the layout goes to « Autres informations ». The sheet knows which were
placed, because it hands them out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from typing import Any

from plainchant.einvoice.codes.cadres import CADRE_OF, is_paid
from plainchant.einvoice.codes.countries import COUNTRY_NAMES
from plainchant.einvoice.codes.france import CREDIT_NOTE_TYPES
from plainchant.einvoice.codes.invoice_types import INVOICE_TYPE_OF
from plainchant.einvoice.codes.payment_means import PAYMENT_MEANS_OF
from plainchant.einvoice.codes.units import UNIT_OF
from plainchant.einvoice.identifiers import bare, siret_in
from plainchant.einvoice.law.exemptions import EXEMPTION_OF, FRANCHISE
from plainchant.einvoice.model import (
    AllowanceCharge,
    Delivery,
    Group,
    Identifier,
    Invoice,
    Line,
    Party,
    PaymentMeans,
    SupportingDocument,
    VatCategory,
)
from plainchant.einvoice.wording import amount, breakable, grouped, money, shown

from .labels import (
    FIELDS,
    GROUPS,
    IDENTIFIERS,
    MENTIONS,
    PARTIES,
    TAX_POINTS,
    VAT,
    VAT_ON_LINE,
)

_NEVER = frozenset({"content", "rows", "tax_type", "is_proprietary"})  # bytes, doings of the file, « VAT » said often
_DENSE = 46  # letters in the widest cells of figures: beyond, they are set smaller

Row = tuple[str, str]  # label, value


class PageContent:
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
            found += [shown(part) for part in value] if isinstance(value, tuple) else [shown(value)]
        return found

    def one(self, group: Group | None, name: str) -> str:
        return next(iter(self.take(group, name)), "")

    def money(self, group: Group | None, name: str) -> str:
        value = getattr(group, name) if group is not None else None
        if value is None:
            return ""
        self._placed.add((id(group), name))
        return money(value, self.currency)

    @property
    def is_franchise(self) -> bool:
        """Whether the seller is below the threshold of VAT (293 B)."""
        categories = [row.category for row in self.invoice.vat_breakdown if row.category]
        return any(
            category.exemption_reason_code == FRANCHISE or "293 B" in (category.exemption_reason or "")
            for category in categories
        )

    def kind(self) -> str:
        code = self.one(self.invoice, "type_code")
        row = INVOICE_TYPE_OF.get(code)
        label = row.label if row else f"Document {code}".strip()
        return f"{label} déjà payé{'' if row is None or row.is_masculine else 'e'}" if self.is_paid else label

    def data(self) -> dict[str, Any]:
        """Everything the template prints, as JSON."""
        invoice = self.invoice
        kind = self.kind()
        lines = list(self.lines())
        taxes = list(self.taxes())
        sheet: dict[str, Any] = {
            "kind": kind,
            "number": self.one(invoice, "number"),
            "origins": list(self.origins()),
            "dates": self.dates(),
            "seller": self.seller(),
            "buyer": self.window(),
            "references": self.references(),
            "lines": lines,
            "is_dense": _width(lines) > _DENSE,
            "taxes": taxes,
            "totals": self.totals(),
            "payable": self.payable(),
            # Where nothing is asked for, what is written of accounts and terms is still told.
            "payment_heading": "Pour payer" if self.is_owed else "Règlement",
            "payment": list(self.payment()),
            "parties": [
                {"heading": heading, **self.party(getattr(invoice, name))}
                for name, heading in PARTIES.items()
                if getattr(invoice, name) is not None
            ],
            "mentions": list(self.mentions()),
            "attachments": [self.attachment(document) for document in invoice.supporting_documents],
        }
        self.take(invoice, "currency")
        sheet["others"] = list(self.others())
        content: dict[str, Any] = breakable(sheet)
        return content

    # ---- who ----

    def seller(self) -> dict[str, Any]:
        party = self.invoice.seller
        who = self.party(party)
        if party is not None and not party.vat_identifier and self.is_franchise:
            reasons = [row.category.exemption_reason for row in self.invoice.vat_breakdown if row.category]
            who["numbers"].append(next(filter(None, reasons), EXEMPTION_OF[FRANCHISE].mention))
        return who

    def window(self) -> dict[str, Any]:
        """Of the buyer, what an envelope with a window shows: the rest is among the references."""
        party = self.invoice.buyer
        contact = party.contact if party else None
        return {
            "name": self.one(party, "name"),
            "lines": [*self.take(contact, "department", "name"), *self.postal(party)],
        }

    def party(self, party: Party | None) -> dict[str, Any]:
        contact = party.contact if party else None
        return {
            "name": self.one(party, "name"),
            "lines": self.postal(party),
            "numbers": [f"{label}\u00a0{value}" for label, value in self.numbers(party)]
            + self.take(party, "legal_information"),
            "reach": [
                reach
                for reach in self.take(contact, "name", "department", "telephone", "email")
                if not (party and party.name and party.name.startswith(reach))  # « Name » under « Name EI »
            ],
        }

    def postal(self, party: Party | None) -> list[str]:
        return [*self.take(party, "trading_name"), *self.address(party)]

    def address(self, party: Party | Delivery | None) -> list[str]:
        address = party.address if party else None
        town = " ".join(self.take(address, "postcode", "city"))
        country = self.one(address, "country")
        return [
            *self.take(address, "line_1", "line_2", "line_3"),
            *((town,) if town else ()),
            *self.take(address, "subdivision"),
            *((COUNTRY_NAMES.get(country, country),) if country and country != "FR" else ()),
        ]

    def numbers(self, party: Party | None) -> list[Row]:
        """SIRET, VAT number and the like, each once: a SIREN says nothing that its SIRET does not."""
        if party is None:
            return []
        registered = (party.legal_registration,) if party.legal_registration else ()
        identifiers = sorted((*party.identifiers, *registered), key=lambda identifier: identifier.scheme != "0009")
        self.take(party, "identifiers", "legal_registration")
        rows = [_identifier(identifier) for identifier in identifiers]
        rows += [("N° TVA", number) for number in self.take(party, "vat_identifier")]
        rows += [("N° fiscal", number) for number in self.take(party, "tax_registration")]
        kept: list[Row] = []
        for label, value in rows:
            compact = "".join(value.split())
            if not any("".join(other.split()).startswith(compact) for _, other in kept):
                kept.append((label, value))
        return kept

    # ---- what about ----

    def dates(self) -> list[Row]:
        invoice = self.invoice
        # Of an invoice already paid it is the day of payment (BR-FR-CO-09).
        due = "Payée le" if self.is_paid else "Échéance"
        rows = [
            ("Date d’émission", self.one(invoice, "issue_date")),
            ("Livraison ou prestation", self.one(invoice.delivery, "actual_date")),
            ("Période", self.period(invoice.period)),
            (due, self.one(invoice, "due_date")),
        ]
        return [(label, value) for label, value in rows if value]

    @property
    def is_credit(self) -> bool:
        return self.invoice.type_code in CREDIT_NOTE_TYPES

    @property
    def is_paid(self) -> bool:
        return is_paid(self.invoice.business_process or "") and not self.is_credit

    @property
    def is_owed(self) -> bool:
        """Whether the page asks for money."""
        payable = self.invoice.totals.payable_amount if self.invoice.totals else None
        return not self.is_credit and not self.is_paid and (payable is None or payable > 0)

    def period(self, group: Group | None) -> str:
        start, end = self.one(group, "start"), self.one(group, "end")
        if start and end:
            return f"du {start} au {end}"
        return f"depuis le {start}" if start else f"jusqu’au {end}" if end else ""

    def origins(self) -> Iterator[str]:
        for preceding in self.invoice.preceding_invoices:
            number, when = self.one(preceding, "number"), self.one(preceding, "issue_date")
            yield " ".join(
                part
                for part in (
                    "Sur la facture" if self.is_credit else "Fait suite à la facture",
                    f"n°\u00a0{number}" if number else "",
                    f"du {when}" if when else "",
                )
                if part
            )

    def references(self) -> list[Row]:
        """What the buyer files the invoice by: an accountant looks here first."""
        invoice = self.invoice
        buyer = invoice.buyer
        delivery = invoice.delivery
        rows = [
            ("N° d’engagement", self.one(invoice, "purchase_order_reference")),
            ("Code service", self.one(invoice, "buyer_reference")),
            ("N° de marché", self.one(invoice, "contract_reference")),
            *self.numbers(buyer),
            ("Référence comptable", self.one(invoice, "buyer_accounting_reference")),
            ("Projet", self.one(invoice, "project_reference")),
            ("Consultation, lot", self.one(invoice, "tender_reference")),
            ("Bon de réception", self.one(invoice, "receiving_advice_reference")),
            ("Bon de livraison", self.one(invoice, "despatch_advice_reference")),
            ("Notre commande", self.one(invoice, "sales_order_reference")),
            ("Votre contact", " · ".join(self.take(buyer.contact if buyer else None, "telephone", "email"))),
            ("Lieu de livraison", ", ".join([*self.take(delivery, "name"), *self.address(delivery)])),
        ]
        seen: set[Row] = set()
        kept = []
        for label, value in rows:
            # The same code often stands in two terms: a service in BT-10 and as an identifier of the buyer.
            if value and (label, value) not in seen:
                seen.add((label, value))
                kept.append((label, value))
        return kept

    # ---- what was sold ----

    def lines(self) -> Iterator[dict[str, Any]]:
        running = Decimal(0)
        for line in self.invoice.lines:
            running += line.net_amount or 0
            yield {
                "number": self.one(line, "identifier"),
                "name": self.one(line.item, "name"),
                "details": self.line_details(line),
                "quantity": self.one(line, "quantity"),
                "unit": self.unit(line, line.quantity),
                "price": self.price(line),
                "vat": self.vat(line.vat, VAT_ON_LINE),
                "amount": amount(line.net_amount)
                if self.take(line, "net_amount") and line.net_amount is not None
                else "",
                "running": money(running, self.currency),
            }

    def unit(self, line: Line, quantity: Decimal | None) -> str:
        code = self.one(line, "unit")
        row = UNIT_OF.get(code)
        return row.beside(several=quantity is not None and abs(quantity) >= 2) if row else code

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
            details.append("\u00a0: ".join(self.take(attribute, "name", "value")))
        details += self.take(line, "note")
        if line.period is not None:
            details.append(self.period(line.period))
        if line.price is not None and line.price.gross is not None and line.price.discount:
            gross, off = line.price.gross, line.price.discount
            self.take(line.price, "gross", "discount")
            details.append(f"Prix avant remise {amount(gross)}, remise {amount(off)}")
        details += [f"{label}\u00a0: {value}" for label, value in self.adjustments(line.allowances, "−")]
        details += [f"{label}\u00a0: {value}" for label, value in self.adjustments(line.charges, "+")]
        return [detail for detail in details if detail]

    def adjustments(self, group: tuple[AllowanceCharge, ...], sign: str) -> Iterator[Row]:
        for adjustment in group:
            label = " ".join(self.take(adjustment, "reason")) or ("Remise" if sign == "−" else "Frais")
            percentage = self.one(adjustment, "percentage")
            base = self.money(adjustment, "base_amount")
            rate_or_base = (
                f" ({percentage}\u00a0% de {base})"
                if percentage and base
                else f" ({percentage}\u00a0%)"
                if percentage
                else f" (sur {base})"
                if base
                else ""
            )
            vat = self.vat(adjustment.vat, VAT_ON_LINE)
            yield (
                f"{label}{rate_or_base}{f', TVA {vat}' if vat else ''}",
                f"{sign}\u00a0{self.money(adjustment, 'amount')}",
            )

    def vat(self, category: VatCategory | None, words: dict[str, str]) -> str:
        if category is None:
            return ""
        code, rate = self.one(category, "code"), self.one(category, "rate")
        is_franchise = code == "E" and category.rate == 0 and self.is_franchise
        if words is VAT_ON_LINE and is_franchise:
            return "franchise"
        words_for_vat = "" if is_franchise else words.get(code, code)  # its mention says it
        if words is VAT_ON_LINE and words_for_vat and category.rate == 0:
            rate = ""  # « 0 % » stands in the summary
        return " ".join(part for part in (f"{rate}\u00a0%" if rate else "", words_for_vat) if part)

    # ---- how much ----

    def taxes(self) -> Iterator[dict[str, Any]]:
        for row in self.invoice.vat_breakdown:
            category = row.category
            yield {
                "vat": self.vat(category, VAT),
                "base": self.money(row, "taxable_amount"),
                "tax": self.money(row, "tax_amount"),
                "why": self.one(category, "exemption_reason"),
                "code": self.one(category, "exemption_reason_code"),
            }

    def totals(self) -> list[Row]:
        invoice, totals = self.invoice, self.invoice.totals
        adjusted = [*self.adjustments(invoice.allowances, "−"), *self.adjustments(invoice.charges, "+")]
        rows = [
            ("Total des lignes", self.money(totals, "line_extension_amount")),
            *adjusted,
            ("Total des remises", self.total_of(invoice.allowances, "allowance_total_amount")),
            ("Total des frais", self.total_of(invoice.charges, "charge_total_amount")),
            ("Total HT", self.money(totals, "tax_exclusive_amount")),
            *self.tax_totals(),
            ("Total TTC", self.money(totals, "tax_inclusive_amount")),
            ("Déjà payé", self.money(totals, "prepaid_amount")),
            ("Arrondi", self.money(totals, "rounding_amount")),
        ]
        rows = [(label, value) for label, value in rows if value]
        is_same = len(rows) > 1 and rows[0][0] == "Total des lignes" and rows[1] == ("Total HT", rows[0][1])
        return rows[1:] if is_same else rows

    def total_of(self, group: tuple[AllowanceCharge, ...], name: str) -> str:
        """The total of the allowances or of the charges, "" when the one row above says the same."""
        value = self.money(self.invoice.totals, name)
        return "" if len(group) == 1 and self.money(group[0], "amount") == value else value

    def tax_totals(self) -> Iterator[Row]:
        for total in self.invoice.tax_totals:
            if total.amount is None:
                continue
            currency = total.currency or self.currency
            self.take(total, "amount", "currency")
            label = "TVA" if currency == self.currency else f"TVA en {currency}"
            yield label, money(total.amount, currency)

    def payable(self) -> dict[str, str] | None:
        value = self.money(self.invoice.totals, "payable_amount")
        if not value:
            return None
        due = self.one(self.invoice, "due_date")
        return {
            "label": "Montant de l’avoir" if self.is_credit else "Reste à payer" if self.is_paid else "Net à payer",
            "value": value,
            "due": f"au plus tard le {due}" if due and self.is_owed else "",
        }

    def payment(self) -> Iterator[Row]:
        invoice = self.invoice
        for means in invoice.payment_means:
            yield from self.means(means)
        for label, name in (
            ("À rappeler", "remittance_information"),
            ("Conditions", "payment_terms"),
        ):
            value = self.one(invoice, name)
            if value:
                yield label, value

    def means(self, means: PaymentMeans) -> Iterator[Row]:
        code = self.one(means, "code")
        row = PAYMENT_MEANS_OF.get(code)
        word, own_words = row.label if row else f"Code {code}" if code else "", self.one(means, "text")
        way = " ".join(part for part in (word, own_words if own_words.lower() != word.lower() else "") if part)
        if way:
            yield "Par", way
        transfer = means.credit_transfer
        account = self.one(transfer, "account")
        if account:
            yield "IBAN" if account[:2].isalpha() else "Compte", grouped(account, 4)
        for label, name in (("BIC", "service_provider"), ("Titulaire", "account_name")):
            value = self.one(transfer, name)
            if value:
                yield label, value

    # ---- what else ----

    def mentions(self) -> Iterator[Row]:
        """The notes, those that the law wants first; one that only programs read is left to the rest."""
        order = list(MENTIONS)
        for note in sorted(
            self.invoice.notes, key=lambda note: order.index(note.subject_code) if note.subject_code in order else -1
        ):
            if note.subject_code == "BAR":
                continue
            code = self.one(note, "subject_code")
            text = self.one(note, "text")
            yield MENTIONS.get(code, f"({code})" if code else ""), text

    def attachment(self, document: SupportingDocument) -> str:
        parts = self.take(document, "description", "filename", "reference", "location")
        return " · ".join(dict.fromkeys(parts))

    def others(self) -> Iterator[Row]:
        """What has no place of its own: label and value, in the order of the model."""
        yield from self._others(self.invoice, "")

    def _others(self, group: Group, above: str) -> Iterator[Row]:
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
                label = FIELDS.get(name, name)
                for part in parts:
                    yield f"{above}{label.lower() if above else label}", _said(name, part)


def _said(name: str, value: Any) -> str:
    if name == "tax_point_date_code":
        return TAX_POINTS.get(value, shown(value))
    if name == "business_process" and value in CADRE_OF:
        return f"{value}, {CADRE_OF[value].label.lower()}"
    return shown(value)


def _identifier(identifier: Identifier) -> Row:
    scheme = identifier.scheme or ""
    if not scheme and siret_in(identifier.value):
        scheme = "0009"
    label = IDENTIFIERS.get(scheme)
    if label is None:
        return "N°", shown(identifier)
    if scheme in ("0002", "0009"):
        return label, grouped(bare(identifier.value), 3, 3, 3, 5)
    return label, identifier.value


def _width(lines: list[dict[str, Any]]) -> int:
    columns = (
        [f"{row['quantity']} {row['unit']}" for row in lines],
        *([row[name] for row in lines] for name in ("price", "amount")),
    )
    return sum(max(map(len, column), default=0) for column in columns)
