"""When a public body must pay, and what it owes when it is late: limits by kind of payer, interest, lump sum.

Source: code de la commande publique. Rates were read in secondary pages and in other projects' code, not at the ECB.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plainchant.einvoice.law.dated import Certainty, Dated, Row, Source, the_one_in_force

_CODE = date(2019, 4, 1)  # the code de la commande publique, which took over the same rules


@dataclass(frozen=True, slots=True)
class PayerCategory:
    """A kind of payer: ``code`` as the directory writes it, ``label`` for several of them, ``sentence`` for one."""

    code: str
    label: str
    sentence: str


STATE, LOCAL, HEALTH, UNDERTAKING = "ETAT", "LOCAL", "SANTE", "ENTREPRISE"
PAYER_CATEGORIES: tuple[PayerCategory, ...] = (
    PayerCategory(STATE, "État et établissements publics de l’État", "État ou établissement public de l’État."),
    PayerCategory(LOCAL, "Collectivité et établissements publics locaux", "Collectivité locale ou établissement public local."),
    PayerCategory(HEALTH, "Établissement public de santé", "Établissement public de santé."),
    PayerCategory(UNDERTAKING, "Entreprise publique", "Entreprise publique."),
)  # fmt: skip
PAYER_CATEGORY_OF = {row.code: row for row in PAYER_CATEGORIES}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentLimit(Dated):
    """The days a kind of payer has, from the notification of the invoice. ``category``: "" where it is not known."""

    category: str
    days: int
    article: str  # of the code
    source: Source


_READ = Source("CCP, art. R2192-10 et R2192-11")
LIMITS: tuple[PaymentLimit, ...] = (
    PaymentLimit(since=_CODE, category=STATE, days=30, article="R2192-10", source=_READ),
    PaymentLimit(since=_CODE, category=LOCAL, days=30, article="R2192-10", source=_READ),
    PaymentLimit(since=_CODE, category=HEALTH, days=50, article="R2192-10", source=_READ),
    PaymentLimit(since=_CODE, category=UNDERTAKING, days=60, article="R2192-11", source=_READ),
    # Nearly all of those that the directory does not class are State or local.
    PaymentLimit(since=_CODE, category="", days=30, article="R2192-10", source=Source("le cas le plus courant", Certainty.KNOWN)),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Days(Dated):
    """A number of days that the law gives."""

    days: int
    source: Source


# What is left of the limit once a suspension ends, at least.
AFTER_SUSPENSION: tuple[Days, ...] = (Days(since=_CODE, days=30, source=Source("CCP, art. R2192-29")),)
# Interest and lump sum are paid at most so long after the principal.
PAID_WITHIN: tuple[Days, ...] = (Days(since=_CODE, days=45, source=Source("CCP, art. R2192-36")),)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalAmount(Dated):
    """A fixed amount, in euros, or a number of points, in per cent."""

    amount: Decimal
    source: Source


LUMP_SUM: tuple[LegalAmount, ...] = (LegalAmount(since=_CODE, amount=Decimal(40), source=Source("CCP, art. D2192-35")),)
# Added to the rate of the Central Bank. Between firms they are ten (C. com., art. L441-10).
POINTS: tuple[LegalAmount, ...] = (LegalAmount(since=_CODE, amount=Decimal(8), source=Source("CCP, art. R2192-31")),)


@dataclass(frozen=True, slots=True, kw_only=True)
class CentralBankRate(Dated):
    """The main refinancing rate of the first day of a half-year: it holds for interest that begins in that half-year."""

    percent: Decimal
    source: Source


def _half_year(year: int, half: int) -> tuple[date, date]:
    return (date(year, 1, 1), date(year, 6, 30)) if half == 1 else (date(year, 7, 1), date(year, 12, 31))


def _half(
    year: int, half: int, percent: str, source: str, certainty: Certainty = Certainty.SECOND_HAND
) -> CentralBankRate:
    since, until = _half_year(year, half)
    return CentralBankRate(since=since, until=until, percent=Decimal(percent), source=Source(source, certainty))


CENTRAL_BANK_RATES: tuple[CentralBankRate, ...] = (
    CentralBankRate(since=_CODE, until=date(2022, 12, 31), percent=Decimal(0), source=Source("BCE, taux nul du 16 mars 2016 au 26 juillet 2022", Certainty.SECOND_HAND)),
    _half(2023, 1, "2.50", "BCE, décembre 2022"),
    _half(2023, 2, "4.00", "BCE, juin 2023"),
    _half(2024, 1, "4.50", "BCE, septembre 2023"),
    _half(2024, 2, "4.25", "BCE, juin 2024"),
    _half(2025, 1, "3.15", "BCE, décembre 2024"),
    _half(2025, 2, "2.15", "BCE, juin 2025"),
    _half(2026, 1, "2.15", "BCE, 18 décembre 2025"),
    _half(2026, 2, "2.40", "BCE, juin 2026, d’après le code de trois autres projets", Certainty.KNOWN),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalInterestRate(Dated):
    """The legal rate of a half-year, in per cent a year, for creditors who are no private persons."""

    percent: Decimal
    source: Source


def _legal(
    year: int, half: int, percent: str, source: str, certainty: Certainty = Certainty.SECOND_HAND
) -> LegalInterestRate:
    since, until = _half_year(year, half)
    return LegalInterestRate(since=since, until=until, percent=Decimal(percent), source=Source(source, certainty))


# Code monétaire et financier, art. L313-2: « pour tous les autres cas ». A half-year that is not here was not found.
LEGAL_INTEREST_RATES: tuple[LegalInterestRate, ...] = (
    _legal(2019, 1, "0.86", "arrêté du 21 décembre 2018"),
    _legal(2019, 2, "0.87", "arrêté de juin 2019"),
    _legal(2020, 1, "0.87", "arrêté de décembre 2019"),
    _legal(2020, 2, "0.84", "arrêté de juin 2020"),
    _legal(2021, 1, "0.79", "arrêté de décembre 2020"),
    _legal(2021, 2, "0.76", "arrêté de juin 2021"),
    _legal(2022, 1, "0.76", "arrêté de décembre 2021"),
    _legal(2022, 2, "0.77", "arrêté du 27 juin 2022"),
    _legal(2023, 1, "2.06", "arrêté du 26 décembre 2022"),
    _legal(2023, 2, "4.22", "arrêté du 27 juin 2023"),
    _legal(2024, 1, "5.07", "arrêté de décembre 2023", Certainty.KNOWN),
    _legal(2024, 2, "4.92", "arrêté de juin 2024"),
    _legal(2025, 1, "3.71", "arrêté de décembre 2024"),
    _legal(2025, 2, "2.76", "arrêté du 19 juin 2025"),
    _legal(2026, 1, "2.62", "arrêté du 15 décembre 2025", Certainty.READ),
)


def payment_limit(*, category: str, at: date | None = None) -> PaymentLimit:
    """The limit of that kind of payer on that day, the last one known without a day.

    A category that the table lacks is an unknown one. Before the code the same limits held: its rows answer.
    """
    wanted = category if category in PAYER_CATEGORY_OF else ""
    return _in_force((row for row in LIMITS if row.category == wanted), at, "le délai de paiement")


def days_after_suspension(*, at: date | None = None) -> int:
    """What a payer has at least once a suspension ends."""
    return _in_force(AFTER_SUSPENSION, at, "le délai après une suspension").days


def lump_sum(*, at: date | None = None) -> Decimal:
    """What is owed for each invoice paid late, in euros, whatever its amount."""
    return _in_force(LUMP_SUM, at, "l’indemnité pour frais de recouvrement").amount


def interest_rate(*, at: date) -> Decimal:
    """The yearly rate, in per cent, of interest that begins that day; it holds until the payment.

    NotKnown where the table has no row yet for that half-year.
    """
    what = "le taux des intérêts moratoires"
    return the_one_in_force(CENTRAL_BANK_RATES, at=at, what=what).percent + _in_force(POINTS, at, what).amount


def days_to_pay_interest(*, at: date | None = None) -> int:
    """The days after the payment of the principal within which interest and lump sum are paid."""
    return _in_force(PAID_WITHIN, at, "le délai de paiement des intérêts").days


def legal_interest_rate(*, at: date) -> LegalInterestRate:
    """The legal rate that holds on that day; NotKnown where the table has no row for that half-year."""
    return the_one_in_force(LEGAL_INTEREST_RATES, at=at, what="le taux de l’intérêt légal")


def _in_force(rows: Iterable[Row], at: date | None, what: str) -> Row:
    return the_one_in_force(rows, at=max(at or date.max, _CODE), what=what)
