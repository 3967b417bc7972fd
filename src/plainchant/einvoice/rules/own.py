"""What we tell besides the official rules: values no Schematron looks into, always as warnings, in our own namespace.

Dates the calendar does not have, numbers that are none, lines whose amount is not their quantity by their price, check
digits of IBAN, SIREN, SIRET, French VAT numbers and GLN.
Never fatal: the platform takes them (qualification SIRETs fail their key), a payment may not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache

from stdnum import ean, iban
from stdnum.fr import tva

from plainchant.einvoice.amounts import HUNDREDTHS, LARGEST, ZERO, decimals, to_cents, total
from plainchant.einvoice.codes import france as codes
from plainchant.einvoice.identifiers import bare, key_agrees, siren_in, siret_in
from plainchant.einvoice.model import Identifier, Invoice, Line, Party
from plainchant.einvoice.rule import Context, Report, Rule, table
from plainchant.einvoice.wording import shown

RULES = table(
    (
        Rule(
            "PLC-DATE",
            (),
            "A date must exist in the calendar.",
            "« {value} » ne se lit pas comme une date du calendrier. "
            "Écrivez l’année, le mois et le jour de la vraie date.",
            "warning",
        ),
        Rule(
            "PLC-NOMBRE",
            (),
            "A number is written with digits and one point.",
            "« {value} » n’est pas un nombre. Écrivez-le avec des chiffres et un point, par exemple 1234.56.",
            "warning",
        ),
        Rule(
            "PLC-LIGNE",
            ("BT-129", "BT-131", "BT-146", "BT-149"),
            "The amount of a line is its quantity by its price, less allowances, plus charges, but for rounding.",
            "Le montant {written} ne vient pas de la quantité et du prix : {computation} = {computed}. "
            "Corrigez ce qui est faux.",
            "warning",
        ),
        Rule(
            "PLC-QUANTITE-DE-BASE",
            ("BT-149",),
            "A price is for more than nothing.",
            "Le prix est donné pour une quantité de {value} : on ne peut rien en calculer. "
            "Écrivez 1, ou retirez cette quantité de base.",
            "warning",
        ),
        Rule(
            "PLC-IBAN",
            ("BT-84",),
            "The key of an IBAN must agree with its digits.",
            "La clé de l’IBAN {value} ne correspond pas : un chiffre est sans doute faux. "
            "Recopiez-le depuis votre RIB.",
            "warning",
        ),
        Rule(
            "PLC-SIRET",
            ("BT-29", "BT-30", "BT-46", "BT-47", "BT-60", "BT-61"),
            "The key of a SIREN or SIRET must agree with its digits.",
            "La clé du numéro {value} ne correspond pas : un chiffre est sans doute faux. "
            "Vérifiez-le sur l’avis de situation de l’Insee.",
            "warning",
        ),
        Rule(
            "PLC-TVA",
            ("BT-31", "BT-48", "BT-63"),
            "A French VAT number is FR, a key of two characters and a SIREN, and the key must agree.",
            "Le numéro de TVA {value} n’est pas un numéro français correct. "
            "Écrivez FR, les deux caractères de la clé, puis le SIREN de l’entreprise.",
            "warning",
        ),
        Rule(
            "PLC-TVA-SIREN",
            ("BT-31", "BT-48"),
            "The SIREN in a French VAT number is the party's own, unless it belongs to a single taxable person.",
            "Le numéro de TVA {value} contient un autre SIREN que celui donné pour la même entreprise. L’un des deux "
            "est sans doute faux. Vérifiez-les sur l’avis de situation de l’Insee.",
            "warning",
        ),
        Rule(
            "PLC-GLN",
            ("BT-29", "BT-30", "BT-34", "BT-46", "BT-47", "BT-49", "BT-60", "BT-61", "BT-71"),
            "A GLN (scheme 0088) is 13 digits, the last of which is a key that must agree.",
            "Le GLN {value} est faux : il a treize chiffres, et le dernier dépend des douze autres. "
            "Recopiez-le depuis la source qui vous l’a donné.",
            "warning",
        ),
    )
)
_GLN_DIGITS = 13
_NOT_COUNTED = ("GROUP", "INFORMATION")  # lines of EXTENDED whose amount is that of others
_TWO_CENTS, _HALF_A_UNIT = Decimal("0.02"), Decimal("0.5")
_MONACO = "000"  # what stands in place of a SIREN in a number of Monaco
_SIREN_SCHEMES, _GLN_SCHEME = (codes.SIREN, codes.SIRET), "0088"
_MAX_LENGTH = 40  # above it a number is none of these; nor would its like be kept
_KEPT = 4096  # the numbers of the same few parties come again and again, and a key costs 5 to 30 µs


def run(invoice: Invoice, context: Context, report: Report) -> None:
    """Every one of them, in the order of the table."""
    for element, text, wanted in context.unreadables:
        if wanted != "writing":  # that is a number that was read all the same
            report.fail("PLC-DATE" if wanted == "date" else "PLC-NOMBRE", element, value=text[:60])
    for line in invoice.lines:
        _line(line, report)
    for means in invoice.payment_means:
        transfer = means.credit_transfer
        if transfer is None or not transfer.account or transfer.is_proprietary:
            continue
        account = bare(transfer.account)
        if account[:2].isalpha() and account[2:4].isdigit() and not _is_iban(account):
            report.fail("PLC-IBAN", transfer, "account", value=transfer.account)
    for party in (invoice.seller, invoice.buyer, invoice.payee, invoice.tax_representative):
        if party is not None:
            _party(party, report)
    delivery = invoice.delivery
    if delivery is not None:
        for spot in (delivery.location, *delivery.other_locations):
            if spot is not None and spot.scheme == _GLN_SCHEME and not _is_gln(spot.value):
                report.fail("PLC-GLN", delivery, "location", value=spot.value)


def _line(line: Line, report: Report) -> None:
    price, quantity, net = line.price, line.quantity, line.net_amount
    if price is None or price.net is None or line.status_reason_code in _NOT_COUNTED:
        return
    base = Decimal(1) if price.base_quantity is None else price.base_quantity
    if not base:
        report.fail("PLC-QUANTITE-DE-BASE", price, "base_quantity")
    elif quantity is not None and net is not None:
        less, more = (total(row.amount for row in rows) if rows else ZERO for rows in (line.allowances, line.charges))
        computed = quantity * price.net / base - less + more
        difference = abs(computed - net)
        # The slack is never less than two cents, and most lines need none.
        if difference > _TWO_CENTS and difference > _slack(quantity, price.net, base, net):
            steps = (("÷", base - 1 and base), ("−", less), ("+", more))
            computation = " ".join(
                [shown(quantity), "×", shown(price.net), *(f"{sign} {shown(value)}" for sign, value in steps if value)]
            )
            if abs(computed) < LARGEST:
                computed = to_cents(computed)
            report.fail("PLC-LIGNE", line, "net_amount", computation=computation, computed=computed, written=net)


def _slack(quantity: Decimal, price: Decimal, base: Decimal, net: Decimal) -> Decimal:
    """How far the amount of a right line may be from what is computed of it.

    The valid invoices of the corpora stray by 0.011 (Peppol allows 0.02), and by 0.27 where amounts are whole forints.
    Software also computes with more decimals than it writes, of a price (one without VAT, from one with) or a quantity
    (a third of an hour): half of the last decimal, as many times as the other has it.
    """
    slack = _HALF_A_UNIT if net == net.to_integral_value() else _TWO_CENTS
    slack += abs(quantity / base) * _half_of_the_last(price)
    if decimals(quantity) >= HUNDREDTHS:
        slack += abs(price / base) * _half_of_the_last(quantity)
    return slack


def _half_of_the_last(value: Decimal) -> Decimal:
    """Half of the last decimal that is written, and never more than half of a hundredth."""
    return Decimal(5).scaleb(-max(decimals(value), HUNDREDTHS) - 1)


def _party(party: Party, report: Report) -> None:
    for field, identifier in _of(party):
        scheme = identifier.scheme
        digits = (siret_in(identifier.value) or siren_in(identifier.value)) if scheme in _SIREN_SCHEMES else None
        if digits is not None and digits.strip("0") and not _has_its_key(digits):
            report.fail("PLC-SIRET", party, field, value=identifier.value)
        elif scheme == _GLN_SCHEME and not _is_gln(identifier.value):
            report.fail("PLC-GLN", party, field, value=identifier.value)
    number = bare(party.vat_identifier or "")
    if number.startswith("FR"):
        _vat(number, party, report)


def _of(party: Party) -> Iterator[tuple[str, Identifier]]:
    """Pairs of the field an identifier stands in and the identifier."""
    if party.legal_registration is not None:
        yield "legal_registration", party.legal_registration
    for identifier in party.identifiers:
        yield "identifiers", identifier
    if party.electronic_address is not None and party.electronic_address.scheme == _GLN_SCHEME:
        yield "electronic_address", party.electronic_address


def _vat(number: str, party: Party, report: Report) -> None:
    if not _is_vat(number):
        report.fail("PLC-TVA", party, "vat_identifier", value=party.vat_identifier or "")
        return
    own = party.legal_registration
    own_siren = siren_in(own.value) if own is not None and own.scheme == codes.SIREN else None
    if own_siren is None:
        return
    if any(identifier.scheme == codes.SINGLE_TAXABLE_PERSON for identifier in party.identifiers):
        return  # a member of a VAT group, whose number is the group's
    siren = number[4:]
    if siren != own_siren and not siren.startswith(_MONACO):
        report.fail("PLC-TVA-SIREN", party, "vat_identifier", value=party.vat_identifier or "")


def _kept(test: Callable[[str], bool]) -> Callable[[str], bool]:
    """``test``, asked once for each number; what is too long to be one is not kept."""
    asked = lru_cache(maxsize=_KEPT)(test)
    return lambda value: len(value) <= _MAX_LENGTH and asked(value)


_has_its_key = _kept(key_agrees)
_is_iban = _kept(iban.is_valid)
_is_vat = _kept(tva.is_valid)
_is_gln = _kept(lambda value: len(value) == _GLN_DIGITS and ean.is_valid(value))
