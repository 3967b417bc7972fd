"""Invented numbers whose check digits are right: SIRET, VAT number, IBAN."""

from __future__ import annotations

from random import Random


def siret(chance: Random, first: str) -> str:
    """A SIRET that begins with the digit `first`; public bodies begin with 1 or 2."""
    siren = first + _digits(chance, 7)
    siren += _luhn(siren)
    stem = siren + f"{chance.choice((1, 1, 2, 3, 4, 5, 12, 21)):04}"
    return stem + _luhn(stem)


def vat_number(siren: str) -> str:
    """The French VAT number of a SIREN."""
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02}{siren}"


def iban(chance: Random) -> str:
    """A French IBAN, both of its keys right."""
    stem = _digits(chance, 21)
    bank, branch, account = int(stem[:5]), int(stem[5:10]), int(stem[10:])
    bban = stem + f"{97 - (89 * bank + 15 * branch + 3 * account) % 97:02}"
    return f"FR{98 - int(bban + '152700') % 97:02}{bban}"


def _digits(chance: Random, count: int) -> str:
    return "".join(str(chance.randrange(10)) for _ in range(count))


def _luhn(digits: str) -> str:
    total = 0
    for rank, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if rank % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)
