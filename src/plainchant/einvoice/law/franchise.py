"""The thresholds of the franchise (CGI, art. 293 B), year by year, and « am I still under? »."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from plainchant.einvoice.law.dated import Certainty, Dated, NotKnown, Source, the_one_in_force
from plainchant.einvoice.law.french_vat import Activity
from plainchant.einvoice.wording import money

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold(Dated):
    """``base``: what last year's turnover may reach; ``tolerance``: what this year's may. Both without VAT."""

    activity: Activity
    base: Decimal
    tolerance: Decimal
    source: Source


_LAW_2025 = Source("CGI, art. 293 B ; loi n° 2025-1044 du 3 novembre 2025")
_LAW_AND_CNAP = Source(f"{_LAW_2025.text} ; le CNAP écrit 37 500 €, comme pour tous les services", Certainty.DISPUTED)
_SINCE_2023 = Source("CGI, art. 293 B, seuils 2023-2024", Certainty.SECOND_HAND)
_SINCE_2020 = Source("CGI, art. 293 B, seuils 2020-2022", Certainty.KNOWN)
_2020, _2022 = date(2020, 1, 1), date(2022, 12, 31)
_2023, _2024 = date(2023, 1, 1), date(2024, 12, 31)
_2025 = date(2025, 1, 1)


def _row(activity: Activity, base: int, tolerance: int, source: Source, since: date, until: date | None) -> Threshold:
    return Threshold(
        activity=activity, base=Decimal(base), tolerance=Decimal(tolerance), source=source, since=since, until=until
    )


THRESHOLDS: tuple[Threshold, ...] = (
    _row(Activity.AUTHOR_WORKS, 44_500, 54_700, _SINCE_2020, _2020, _2022),
    _row(Activity.AUTHOR_WORKS, 47_700, 58_600, _SINCE_2023, _2023, _2024),
    _row(Activity.AUTHOR_WORKS, 50_000, 55_000, _LAW_2025, _2025, None),
    _row(Activity.AUTHOR_OTHER, 18_300, 22_100, _SINCE_2020, _2020, _2022),
    _row(Activity.AUTHOR_OTHER, 19_600, 23_700, _SINCE_2023, _2023, _2024),
    _row(Activity.AUTHOR_OTHER, 35_000, 38_500, _LAW_AND_CNAP, _2025, None),
    _row(Activity.SALES, 85_800, 94_300, _SINCE_2020, _2020, _2022),
    _row(Activity.SALES, 91_900, 101_000, _SINCE_2023, _2023, _2024),
    _row(Activity.SALES, 85_000, 93_500, _LAW_2025, _2025, None),
    _row(Activity.SERVICES, 34_400, 36_500, _SINCE_2020, _2020, _2022),
    _row(Activity.SERVICES, 36_800, 39_100, _SINCE_2023, _2023, _2024),
    _row(Activity.SERVICES, 37_500, 41_250, _LAW_2025, _2025, None),
)
# What the corpus does not settle, and whoever reads a threshold should know.
DOUBT = (
    "Le projet de loi de finances pour 2026 (art. 25) voulait d’autres seuils (37 500 € et 25 000 €). Nous n’avons pas "
    "trouvé le texte définitif : vérifiez sur impots.gouv.fr."
)
NAMES = {
    Activity.AUTHOR_WORKS: "vos œuvres et vos droits d’auteur",
    Activity.AUTHOR_OTHER: "vos autres activités d’auteur",
    Activity.SALES: "l’ensemble de votre activité",
    Activity.SERVICES: "vos prestations de services",
}
# Before, a year over the base was forgiven once, and passing the tolerance counted from the first day of its month.
RULES_SINCE = _2025


class Standing(StrEnum):
    UNDER = "under"
    TOLERATED = "tolerated"  # over the base this year: VAT from 1 January next
    LIABLE = "liable"


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one activity stands against its threshold, with the sentence that says it."""

    activity: Activity
    turnover: Decimal
    threshold: Threshold
    standing: Standing
    sentence: str


def threshold(*, activity: Activity, at: date) -> Threshold:
    """The threshold of that day. NotKnown before 2020."""
    rows = (row for row in THRESHOLDS if row.activity is activity)
    return the_one_in_force(rows, at=at, what="le seuil de la franchise de TVA")


def stand(
    *, turnover: Mapping[Activity, Decimal], at: date, last_year: Mapping[Activity, Decimal] | None = None
) -> tuple[Stand, ...]:
    """Where each activity stands: ``turnover`` since 1 January of that year, without VAT, and last year's if known.

    An author's two activities each have a threshold. Another business has one for all it does and one for its
    services: SALES is what is not services, and the first threshold looks at the sum. NotKnown before 2025.
    """
    if at < RULES_SINCE:
        raise NotKnown(
            "Avant 2025, les seuils de la franchise se comptaient autrement : demandez à votre service des impôts."
        )
    before = last_year or {}
    return tuple(
        _stand(activity, _counted(activity, turnover), _counted(activity, before), at)
        for activity in Activity
        if activity in turnover or (activity is Activity.SALES and Activity.SERVICES in turnover)
    )


def _counted(activity: Activity, turnover: Mapping[Activity, Decimal]) -> Decimal:
    own = turnover.get(activity, ZERO)
    return own + turnover.get(Activity.SERVICES, ZERO) if activity is Activity.SALES else own


def _stand(activity: Activity, amount: Decimal, last_year: Decimal, at: date) -> Stand:
    row = threshold(activity=activity, at=at)
    name, collected = NAMES[activity], f"Pour {NAMES[activity]}, vous avez encaissé {money(amount, 'EUR')} en {at.year}"
    base, tolerance = money(row.base, "EUR"), money(row.tolerance, "EUR")
    if last_year > row.base:
        sentence = (
            f"Pour {name}, vous avez encaissé {money(last_year, 'EUR')} en {at.year - 1}, plus que les {base} du "
            f"seuil : vous facturez la TVA depuis le 1er janvier {at.year}."
        )
        return Stand(activity, amount, row, Standing.LIABLE, sentence)
    if amount > row.tolerance:
        sentence = (
            f"{collected}, plus que les {tolerance} tolérés : vous facturez la TVA depuis le jour où "
            "vous avez dépassé ce montant."
        )
        return Stand(activity, amount, row, Standing.LIABLE, sentence)
    if amount > row.base:
        sentence = (
            f"{collected}, plus que le seuil de {base} mais moins que les {tolerance} tolérés : vous restez sans TVA "
            f"jusqu’au 31 décembre {at.year}, et vous la facturerez à partir du 1er janvier {at.year + 1}."
        )
        return Stand(activity, amount, row, Standing.TOLERATED, sentence)
    sentence = f"{collected} : vous êtes sous le seuil de {base}. Il vous reste {money(row.base - amount, 'EUR')}."
    return Stand(activity, amount, row, Standing.UNDER, sentence)
