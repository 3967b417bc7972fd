"""The thresholds of the franchise (CGI, art. 293 B), year by year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plainchant.einvoice.law.dated import Certainty, Dated, Source, the_one_in_force
from plainchant.einvoice.law.french_vat import Activity


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


def threshold(*, activity: Activity, at: date) -> Threshold:
    """The threshold of that day. NotKnown before 2020."""
    rows = (row for row in THRESHOLDS if row.activity is activity)
    return the_one_in_force(rows, at=at, what="le seuil de la franchise de TVA")
