"""What we tell besides the official rules: values no Schematron looks into, always as warnings, in our own namespace.

Dates the calendar does not have, numbers that are none, check digits of IBAN, SIREN and SIRET. Never fatal: the
platform takes them (qualification SIRETs fail their key), a payment may not.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from stdnum import iban, luhn

from plainchant.einvoice.finding import MAX_EACH, Finding
from plainchant.einvoice.formats.paths import path_of
from plainchant.einvoice.formats.places import place
from plainchant.einvoice.formats.reading import Reading
from plainchant.einvoice.model import Identifier, Party

from .rule import Rule, table

RULES = table(
    (
        Rule(
            "PLC-DATE",
            (),
            "A date must exist in the calendar.",
            "« {value} » n’est pas une date du calendrier. Écrivez l’année, le mois et le jour de la vraie date.",
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
            "PLC-IBAN",
            ("BT-84",),
            "The key of an IBAN must agree with its digits.",
            "La clé de l’IBAN {value} ne correspond pas : un chiffre est sans doute faux. "
            "Recopiez-le depuis votre RIB.",
            "warning",
        ),
        Rule(
            "PLC-SIRET",
            ("BT-30", "BT-47"),
            "The key of a SIREN or SIRET must agree with its digits.",
            "La clé du numéro {value} ne correspond pas : un chiffre est sans doute faux. "
            "Vérifiez-le sur l’avis de situation de l’Insee.",
            "warning",
        ),
    )
)
_SIREN, _SIRET, _LA_POSTE = 9, 14, "356000000"


def findings(reading: Reading) -> list[Finding]:
    """Every one of them, in the order of the table."""
    return [
        *_unreadable(reading),
        *islice(_accounts(reading), MAX_EACH),
        *islice(_identifiers(reading), MAX_EACH),
    ]


def _finding(rule: str, reading: Reading, group: object, field: str, value: str) -> Finding:
    row = RULES[rule]
    where = place(reading.syntax, group, field, reading.numbers)
    return Finding(
        rule, row.french.format(value=value), field or None, "warning", row.terms, where.path, where.line, value
    )


def _unreadable(reading: Reading) -> Iterator[Finding]:
    told = (one for one in reading.unreadables if one[2] != "writing")  # a number that was read all the same
    for element, text, wanted in islice(told, MAX_EACH):
        row = RULES["PLC-DATE" if wanted == "date" else "PLC-NOMBRE"]
        value = text[:60]
        yield Finding(
            row.id,
            row.french.format(value=value),
            None,
            "warning",
            path=path_of(element, reading.numbers),
            line=element.sourceline,
            value=value,
        )


def _accounts(reading: Reading) -> Iterator[Finding]:
    for means in reading.invoice.payment_means:
        transfer = means.credit_transfer
        if transfer is None or not transfer.account or transfer.is_proprietary:
            continue
        account = transfer.account.replace(" ", "")
        if account[:2].isalpha() and account[2:4].isdigit() and not iban.is_valid(account):
            yield _finding("PLC-IBAN", reading, transfer, "account", transfer.account)


def _identifiers(reading: Reading) -> Iterator[Finding]:
    for party in (reading.invoice.seller, reading.invoice.buyer):
        if party is None:
            continue
        for identifier in _of(party):
            if identifier.scheme in ("0002", "0009") and not key_agrees(identifier.value):
                yield _finding("PLC-SIRET", reading, party, "legal_registration", identifier.value)


def _of(party: Party) -> list[Identifier]:
    return [*((party.legal_registration,) if party.legal_registration else ()), *party.identifiers]


def key_agrees(value: str) -> bool:
    """Whether the key of a SIREN or SIRET is right. Other lengths are none of our business: True."""
    digits = value.replace(" ", "")
    if not digits.isdigit() or len(digits) not in (_SIREN, _SIRET) or not digits.strip("0"):
        return True
    # La Poste's establishments have a key of their own: the sum of their digits is a multiple of five.
    return bool(luhn.is_valid(digits)) or (digits.startswith(_LA_POSTE) and sum(map(int, digits)) % 5 == 0)
