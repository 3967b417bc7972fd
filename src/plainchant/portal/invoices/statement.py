"""What is owed for a late payment, worked out line by line in French: for the page, the letter and the dossier.

Plain Python: words around the figures of `late_payment`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from plainchant.einvoice.wording import NO_BREAK, amount, day, money

from .late_payment import EUROS, AmountDue, InterestPeriod


@dataclass(frozen=True, kw_only=True)
class OwedSum:
    """One sum. ``amount`` in words, a sentence where it is not known; ``working``: how it was found; its article."""

    label: str
    amount: str
    working: str = ""
    article: str = ""


UNKNOWN = "pas encore connu"


def lines_of(due: AmountDue) -> list[OwedSum]:
    """Every sum that is owed, the last one the total. What is paid, or not owed, has no line."""
    return list(_lines(due))


def in_euros(value: Decimal) -> str:
    """1 255,02 €."""
    return money(value, EUROS)


def total_of(due: AmountDue) -> str:
    """« 1 255,02 € », « au moins 1 240,00 € » where a rate is not known."""
    return in_euros(due.total) if due.is_whole else f"au moins {in_euros(due.total)}"


def days(number: int) -> str:
    return f"{number}{NO_BREAK}jour{'s' if number > 1 else ''}"


def _lines(due: AmountDue) -> Iterator[OwedSum]:
    if due.principal:
        yield OwedSum(label="Le montant de la facture", amount=in_euros(due.principal))
    if due.period:
        yield OwedSum(
            label=f"Intérêts de retard, {days(due.days_late)}",
            amount=UNKNOWN if due.interest is None else in_euros(due.interest),
            working=_working(due.period, due.interest),
            article="art. L2192-13, R2192-31 et R2192-32",
        )
        yield OwedSum(
            label="Indemnité forfaitaire pour frais de recouvrement",
            amount=in_euros(due.lump_sum),
            article="art. D2192-35",
        )
    if due.legal_periods:
        is_single = len(due.legal_periods) == 1
        workings = [_working(period, due.legal_interest if is_single else None) for period in due.legal_periods]
        if not is_single and due.legal_interest is not None:
            workings.append(f"ensemble, arrondi une seule fois\u00a0: {in_euros(due.legal_interest)}")
        yield OwedSum(
            label=f"Intérêts au taux légal sur ces sommes, {days(sum(period.days for period in due.legal_periods))}",
            amount=UNKNOWN if due.legal_interest is None else in_euros(due.legal_interest),
            working="\u00a0; ".join(workings),
            article="art. R2192-36",
        )
    yield OwedSum(label="En tout", amount=total_of(due))


def _working(period: InterestPeriod, result: Decimal | None) -> str:
    """« du 1er avril 2026 au 15 mai 2026 : 1 200,00 € × 10,15 % × 45 / 365 = 15,02 € »."""
    span = f"du {day(period.first_day)} au {day(period.last_day)}\u00a0: "
    if period.percent is None:
        return f"{span}le taux de ce semestre n’est pas encore connu"
    working = f"{in_euros(period.base)} × {amount(period.percent)}{NO_BREAK}% × {period.days} / 365"
    return span + working + (f" = {in_euros(result)}" if result is not None else "")
