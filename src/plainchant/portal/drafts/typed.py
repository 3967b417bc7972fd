"""What was typed, understood: values where they can be, one sentence beside the field where they cannot.

Plain: no database. The same functions read a form beside a document, a sheet typed on screen and a row of a table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from plainchant.einvoice.amounts import LARGEST, ZERO, to_cents
from plainchant.einvoice.codes.cadres import DEPOSITED, ENTERED, ORDINARY, VALIDATED, is_paid
from plainchant.einvoice.codes.currencies import CURRENCIES
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE
from plainchant.einvoice.codes.invoice_types import ENTERED as ENTERED_TYPES
from plainchant.einvoice.codes.invoice_types import OFFERED as OFFERED_TYPES
from plainchant.einvoice.codes.payment_means import PAYMENT_MODE_OF
from plainchant.einvoice.codes.units import DEFAULT as DEFAULT_UNIT
from plainchant.einvoice.codes.units import OFFERED as UNITS
from plainchant.einvoice.codes.works import BEGINNINGS
from plainchant.einvoice.finding import Finding, refusals
from plainchant.einvoice.law.exemptions import EXEMPTION_OF, FRANCHISE
from plainchant.einvoice.law.vat_rates import rates, written
from plainchant.einvoice.law.vat_regimes import VAT_REGIME_OF
from plainchant.einvoice.making.composing import DeductedDeposit, Nature, SheetLine, SheetTotals
from plainchant.einvoice.making.composing.totals import line_net, totals
from plainchant.einvoice.model import VatCategory
from plainchant.einvoice.rules.header_table import MAX_COMMENT, RULES, TYPED
from plainchant.portal.codes import make_finding

from .fields import FIELDS, MADE_HERE, MAX_LINES, UNREADABLE, DraftSource, Field, TextKind
from .values import NotUnderstood, day, number

CADRES = {
    DraftSource.DOCUMENT: frozenset(code for code, _ in DEPOSITED),
    DraftSource.SHEET: frozenset(code for code, _ in ENTERED),
    DraftSource.ROW: frozenset({ORDINARY, *VALIDATED, *(row.code for row in BEGINNINGS)}),
}
TYPES = {
    DraftSource.DOCUMENT: frozenset(ENTERED_TYPES),
    DraftSource.SHEET: frozenset(ENTERED_TYPES),
    DraftSource.ROW: frozenset(OFFERED_TYPES),
}
_UNITS = frozenset(row.code for row in UNITS)
_RULES = RULES | TYPED
TOTALS = ("tax_exclusive_amount", "tax_amount", "tax_inclusive_amount", "payable_amount")
MAX_NAME, MAX_DESCRIPTION = 250, 1024  # BR-FR-CPRO-31 for the second; the first is ours, a line of a page


@dataclass
class Understood:
    """The values of every field, and everything that could not be one. A line that is not whole is None."""

    source: DraftSource
    values: dict[str, Any] = field(default_factory=dict)
    lines: list[SheetLine | None] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    deposits: tuple[DeductedDeposit, ...] = ()  # looked up by `deposits.read_deposits`

    @property
    def is_whole(self) -> bool:
        """Whether nothing that was typed is wrong by itself."""
        return not refusals(self.findings)

    @property
    def is_credit(self) -> bool:
        return bool(self.values["type_code"] == CREDIT_NOTE)

    @property
    def whole_lines(self) -> tuple[SheetLine, ...]:
        return tuple(line for line in self.lines if line is not None)

    def add(self, field_name: str, code: str, message: str) -> None:
        self.findings.append(make_finding(code, message, field_name))

    def break_rule(self, field_name: str, rule: str, **details: str) -> None:
        """A rule of the engine's that can be seen before there is a header, in the words of its row."""
        self.add(field_name, rule, _RULES[rule].sentence(details))


def understand(typed: Mapping[str, Any], *, source: DraftSource) -> Understood:
    """Everything that was typed (`fields.cleaned`), understood as far as it can be."""
    understood = Understood(source)
    texts: Mapping[str, str] = typed["fields"]
    for row in FIELDS:
        understood.values[row.name] = _value(understood, row, texts.get(row.name, ""))
    for name in ("discount", "prepaid_amount"):
        understood.values[name] = understood.values[name] or ZERO
    _codes(understood)
    if source in MADE_HERE:
        _terms(understood)
        without_vat = _without_vat(understood)
        for place, line in enumerate(typed["lines"]):
            understood.lines.append(_line(understood, place, line, without_vat))
        if not understood.lines:
            understood.add(
                "lines", "SAISIE-SANS-LIGNE", "Ajoutez au moins une ligne : ce que vous facturez, et son prix."
            )
        if len(understood.lines) > MAX_LINES:
            understood.add(
                "lines",
                "SAISIE-LIGNES-TROP",
                f"Une facture saisie a {MAX_LINES} lignes au plus ; celle-ci en a {len(understood.lines)}. "
                "Mettez les dernières dans une autre facture, ou déposez un fichier.",
            )
        if any(map(_is_too_large, [*map(line_net, understood.whole_lines), *_sums(understood).values()])):
            understood.add(
                "lines",
                "SAISIE-TOTAL-TROP",
                "Le montant d’une ligne, ou le total, est trop grand : 12 chiffres au plus avant la virgule. "
                "Vérifiez les quantités et les prix.",
            )
    return understood


def totals_so_far(understood: Understood) -> SheetTotals:
    """The totals of the lines that are whole: what the screen shows while one types, by the engine's own arithmetic."""
    return totals(
        [(line.vat, line_net(line)) for line in understood.whole_lines],
        discount=understood.values["discount"],
        is_paid=is_paid(understood.values["billing_framework"]),
        deposits=understood.deposits,
        prepaid=understood.values["prepaid_amount"],
    )


def amounts_of(understood: Understood) -> dict[str, Decimal | None]:
    """The four totals: copied from a document, computed from lines that are all whole."""
    if understood.source not in MADE_HERE:
        return {name: understood.values[name] for name in TOTALS}
    sums = _sums(understood)
    if not understood.lines or not all(understood.lines) or any(map(_is_too_large, sums.values())):
        return dict.fromkeys(TOTALS)
    return dict(sums)


def _sums(understood: Understood) -> dict[str, Decimal]:
    sums = totals_so_far(understood)
    return dict(zip(TOTALS, (sums.tax_exclusive, sums.tax, sums.tax_inclusive, sums.payable), strict=True))


def _is_too_large(amount: Decimal) -> bool:
    """Whether no column can hold it."""
    return abs(amount) >= LARGEST


def _value(understood: Understood, row: Field, text: str) -> Any:
    if UNREADABLE in text:
        understood.add(
            row.name, "SAISIE-CARACTERE", "Un caractère n’a pas pu être lu (�). Effacez-le, puis tapez-le de nouveau."
        )
    try:
        if row.kind is TextKind.DAY:
            return day(text)
        if row.kind is TextKind.AMOUNT:
            return number(text, places=row.places, what="un montant", example="1 234,56")
    except NotUnderstood as error:
        understood.add(row.name, "SAISIE-FORME", str(error))
        return None
    if row.kind is TextKind.WORDS:
        return text.strip()
    value = " ".join(text.split())
    return (value.upper() if row.kind is TextKind.CODE else value) or row.default


def _codes(understood: Understood) -> None:
    """What every source has to choose from a list, and how long its words may be."""
    values = understood.values
    if values["type_code"] not in TYPES[understood.source]:
        understood.add(
            "type_code", "CPRO-TYPE", "Ce choix n’existe pas. Dites s’il s’agit d’une facture ou d’un avoir."
        )
    if values["currency"] not in CURRENCIES:
        understood.add(
            "currency", "CPRO-DEVISE", f"« {values['currency'][:10]} » n’est pas une monnaie. Écrivez EUR pour l’euro."
        )
    if values["billing_framework"] not in CADRES[understood.source]:
        understood.add("billing_framework", "CPRO-G1.02", "Choisissez qui facture : le cas ordinaire est le cadre A1.")
    if values["vat_regime"] and values["vat_regime"] not in VAT_REGIME_OF:
        understood.add("vat_regime", "CPRO-TVA-REGIME", "Dites comment la TVA s’applique à cette facture.")
    if len(values["comment"]) > MAX_COMMENT:
        understood.add(
            "comment",
            "CPRO-COMMENTAIRE-LONG",
            f"Le commentaire compte {len(values['comment'])} caractères ; {MAX_COMMENT} au plus sont acceptés.",
        )


def _terms(understood: Understood) -> None:
    """Payment, delivery and discount of an invoice that the portal makes."""
    values = understood.values
    if understood.is_credit:
        values["payment_mode"] = ""  # nothing is paid
        values["prepaid_amount"], values["prepaid_date"] = ZERO, None
    else:
        values["preceding_number"], values["preceding_date"] = "", None
    if not understood.is_credit and values["payment_mode"] not in PAYMENT_MODE_OF:
        understood.add(
            "payment_mode", "CPRO-PAIEMENT", "Dites comment vous voulez être payé. D’habitude : par virement."
        )
    if values["delivery_end"] and values["delivery_date"] and values["delivery_end"] < values["delivery_date"]:
        understood.add(
            "delivery_end", "SAISIE-PERIODE", "La fin de la prestation vient avant son début. Vérifiez les deux dates."
        )
    if values["delivery_end"] and not values["delivery_date"]:
        understood.add(
            "delivery_date", "SAISIE-PERIODE-DEBUT", "Vous donnez la fin de la prestation : donnez aussi son début."
        )
    if is_paid(values["billing_framework"]):
        values["prepaid_amount"], values["prepaid_date"] = ZERO, None
    if values["prepaid_amount"] < 0:
        understood.add(
            "prepaid_amount",
            "SAISIE-DEJA-RECU",
            "La somme déjà reçue s’écrit sans signe moins : elle est retirée du total.",
        )
    if values["prepaid_amount"] and not values["prepaid_date"]:
        understood.add("prepaid_date", "SAISIE-DEJA-RECU-DATE", "Dites quel jour vous avez reçu cette somme.")
    if values["discount"] < 0:
        understood.add("discount", "SAISIE-REMISE", "Une remise s’écrit sans signe moins : elle est retirée du total.")
    if values["discount"] and not values["discount_reason"]:
        understood.add(
            "discount_reason", "SAISIE-REMISE-MOTIF", "Dites en quelques mots pourquoi vous faites cette remise."
        )


def _without_vat(understood: Understood) -> VatCategory | None:
    """How a line without VAT is coded, from the reason chosen; None when no reason is."""
    values = understood.values
    if not values["vat_regime"]:
        understood.break_rule("vat_regime", "CPRO-TVA-REGIME")
    if not values["exemption"] and values["vat_regime"] == "SANS_TVA":
        values["exemption"] = FRANCHISE
    row = EXEMPTION_OF.get(values["exemption"])
    if row is None:
        if values["vat_regime"] == "EXONERATION":
            understood.add(
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


def _line(
    understood: Understood, place: int, typed: Mapping[str, str], without_vat: VatCategory | None
) -> SheetLine | None:
    """One line, None when a value of it is missing or wrong."""
    before = len(refusals(understood.findings))

    def add(name: str, code: str, message: str) -> None:
        understood.add(f"lines-{place}-{name}", code, f"Ligne {place + 1} : {message}")

    def parsed(name: str, places: int, what: str, example: str) -> Decimal | None:
        try:
            return number(typed[name], places=places, what=what, example=example)
        except NotUnderstood as error:
            add(name, "SAISIE-FORME", str(error))
            return None

    name, description = " ".join(typed["name"].split()), typed["description"].strip()
    if not name:
        add("name", "SAISIE-LIGNE-NOM", "dites ce que vous facturez, par exemple « Rencontre avec une classe ».")
    elif len(name) > MAX_NAME:
        add(
            "name",
            "SAISIE-LIGNE-NOM-LONG",
            f"{len(name)} caractères, {MAX_NAME} au plus. Mettez le reste en description.",
        )
    if len(description) > MAX_DESCRIPTION:
        add(
            "description",
            "BR-FR-CPRO-31",
            f"la description compte {len(description)} caractères, {MAX_DESCRIPTION} au plus. Raccourcissez-la.",
        )
    quantity = parsed("quantity", 4, "une quantité", "2 ou 1,5")
    if quantity is None and not typed["quantity"].strip():
        add("quantity", "SAISIE-LIGNE-QUANTITE", "indiquez la quantité, 1 s’il n’y en a qu’une.")
    price = parsed("price", 6, "un prix", "250,00")
    if price is None and not typed["price"].strip():
        add("price", "SAISIE-LIGNE-PRIX", "indiquez le prix d’une unité, hors taxes.")
    if price is not None and price < 0:
        add("price", "BR-27", "un prix n’est jamais négatif. Pour retirer un montant, mettez une quantité de -1.")
    discount = parsed("discount", 2, "un montant", "10,00") or ZERO
    unit = typed["unit"].strip().upper() or DEFAULT_UNIT
    if unit not in _UNITS:
        add("unit", "BR-CL-23", "choisissez l’unité dans la liste.")
    vat = _vat(understood, add, typed, without_vat)
    if len(refusals(understood.findings)) > before or quantity is None or price is None or vat is None:
        return None
    if discount and abs(discount) > abs(to_cents(quantity * price)):
        add("discount", "SAISIE-REMISE-TROP", "la remise dépasse le montant de la ligne. Vérifiez-la.")
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
    understood: Understood,
    add: Callable[..., None],
    typed: Mapping[str, str],
    without_vat: VatCategory | None,
) -> VatCategory | None:
    """The VAT of a line: the rate of the list or typed; 0 where the whole invoice bears none."""
    regime = VAT_REGIME_OF.get(understood.values["vat_regime"])
    if regime is None:
        return None  # a finding already, one for all lines
    if not regime.bears_tax:
        return without_vat
    try:
        rate = number(typed["rate"], places=2, what="un taux", example="20 ou 5,5")
    except NotUnderstood as error:
        add("rate", "SAISIE-FORME", str(error))
        return None
    if rate is None:
        add("rate", "SAISIE-LIGNE-TAUX", "choisissez le taux de TVA.")
        return None
    if rate == 0:
        if without_vat is None:
            add(
                "rate",
                "SAISIE-LIGNE-SANS-MOTIF",
                "au taux 0, dites plus bas pourquoi : choisissez le motif d’exonération.",
            )
        return without_vat
    if not 0 < rate < 100:
        add("rate", "SAISIE-LIGNE-TAUX-FAUX", "un taux de TVA est entre 0 et 100. Écrivez par exemple 20.")
        return None
    if rate not in (possible := _possible_rates(understood)):
        listed = ", ".join(map(written, possible))
        add(
            "rate",
            "SAISIE-TAUX-INCONNU",
            f"{written(rate)} % n’est pas un taux de TVA en vigueur en France ({listed}). "
            f"Vérifiez-le : il reste tel que vous l’avez écrit.",
        )
    # One writing a rate: 20.0 and 20 are one row of the summary, and 5,50 reads 5.5.
    whole = rate.to_integral_value()
    return VatCategory(code="S", rate=whole if rate == whole else rate.normalize())


def _possible_rates(understood: Understood) -> tuple[Decimal, ...]:
    """The rates in force on one of the days that the sheet gives: a credit note may bear that of an older invoice."""
    days = [understood.values[name] for name in ("issue_date", "delivery_date", "delivery_end", "preceding_date")]
    in_force = dict.fromkeys(rate for day in days if day for rate in rates(at=day))
    return tuple(in_force) or rates()
