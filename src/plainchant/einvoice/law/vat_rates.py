"""The only list of VAT rates in France: each with its territory, its days and its source; `rates` reads it.

Whatever offers, recognises or doubts a rate asks here: forms, workbooks, pasted lines, the reading of documents and the
rule of the norm (BR-FR-16), whose list also has rates that no text has any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from plainchant.einvoice.amounts import ZERO
from plainchant.einvoice.law.dated import Certainty, Dated, NotKnown, Source, the_one_in_force


class Rate(StrEnum):
    """A rate by its place in the code, because its figure changes with the territory and the year."""

    REDUCED = "réduit"
    INTERMEDIATE = "intermédiaire"
    STANDARD = "normal"
    PARTICULAR = "particulier"
    LISTED = "admis par la norme"  # in the norm's list, found in no text that lets anybody charge it


class Territory(StrEnum):
    """Where VAT is due. The value is the beginning of its postcodes."""

    MAINLAND = ""
    CORSICA = "20"
    GUADELOUPE = "971"
    MARTINIQUE = "972"
    GUYANE = "973"
    REUNION = "974"
    MAYOTTE = "976"

    @property
    def label(self) -> str:
        return _TERRITORIES[self]


_TERRITORIES = {
    Territory.MAINLAND: "France continentale",
    Territory.CORSICA: "Corse",
    Territory.GUADELOUPE: "Guadeloupe",
    Territory.MARTINIQUE: "Martinique",
    Territory.GUYANE: "Guyane",
    Territory.REUNION: "La Réunion",
    Territory.MAYOTTE: "Mayotte",
}
_OVERSEAS = frozenset({Territory.GUADELOUPE, Territory.MARTINIQUE, Territory.REUNION})
UNTAXED = frozenset({Territory.GUYANE, Territory.MAYOTTE})
ISLANDS_OUT_OF_TABLE = ("97133", "97150", "975", "977", "978", "984", "986", "987", "988")


def territory_of(*, postcode: str) -> Territory:
    """The territory of a French postcode.

    NotKnown for the places with a tax system of their own (Saint-Pierre-et-Miquelon, Saint-Barthélemy, Saint-Martin,
    Polynésie française, Nouvelle-Calédonie, Wallis-et-Futuna).
    """
    if postcode.startswith(ISLANDS_OUT_OF_TABLE):
        raise NotKnown(
            f"Le code postal {postcode} est celui d’un territoire qui a ses propres impôts : nos taux n’y valent pas. "
            "Demandez à votre service des impôts ce qui s’applique, et indiquez-le vous-même."
        )
    named = (territory for territory in Territory if territory and postcode.startswith(territory))
    return next(named, Territory.MAINLAND)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRow(Dated):
    """A figure, in per cent."""

    rate: Rate
    territories: frozenset[Territory]
    percent: Decimal
    source: Source


_MAINLAND = frozenset({Territory.MAINLAND, Territory.CORSICA})
_CORSICA = frozenset({Territory.CORSICA})
_NOWHERE: frozenset[Territory] = frozenset()
_1992 = date(1992, 1, 1)  # or before: no invoice of then comes here
_END_OF_2013, _2014 = date(2013, 12, 31), date(2014, 1, 1)
# Those in force first, the mainland's before the others': the order in which rates are offered and tried.
RATES: tuple[RateRow, ...] = (
    RateRow(since=_2014, rate=Rate.STANDARD, territories=_MAINLAND, percent=Decimal(20), source=Source("CGI, art. 278 ; art. 297 pour la Corse")),
    RateRow(since=_2014, rate=Rate.INTERMEDIATE, territories=_MAINLAND, percent=Decimal(10), source=Source("CGI, art. 279 ; art. 297 pour la Corse")),
    RateRow(since=_1992, rate=Rate.REDUCED, territories=_MAINLAND, percent=Decimal("5.5"), source=Source("CGI, art. 278-0 bis ; art. 297 pour la Corse")),
    RateRow(since=_1992, rate=Rate.PARTICULAR, territories=_MAINLAND, percent=Decimal("2.1"), source=Source("CGI, art. 281 quater à 281 nonies (spectacles, médicaments) et 298 septies (presse)")),
    RateRow(since=_1992, rate=Rate.STANDARD, territories=_OVERSEAS, percent=Decimal("8.5"), source=Source("CGI, art. 296, 1°, b ; BOI-TVA-GEO-20-10")),
    RateRow(since=_1992, rate=Rate.REDUCED, territories=_OVERSEAS, percent=Decimal("2.1"), source=Source("CGI, art. 296, 1°, a ; BOI-TVA-GEO-20-10")),
    RateRow(since=_1992, rate=Rate.INTERMEDIATE, territories=_OVERSEAS, percent=Decimal("2.1"), source=Source("CGI, art. 296, 1°, a ; BOI-TVA-GEO-20-10 : même champ qu’en métropole")),
    RateRow(since=_1992, rate=Rate.PARTICULAR, territories=_OVERSEAS, percent=Decimal("1.75"), source=Source("CGI, art. 296 bis, b : animaux de boucherie vendus à des non-assujettis")),
    RateRow(since=_1992, rate=Rate.PARTICULAR, territories=_OVERSEAS, percent=Decimal("1.05"), source=Source("CGI, art. 296 bis, a, et 298 septies (premières représentations, presse) ; BOI-TVA-GEO-20-10")),
    RateRow(since=_1992, rate=Rate.PARTICULAR, territories=_CORSICA, percent=Decimal(13), source=Source("CGI, art. 297, I, 1, 6° : produits pétroliers")),
    RateRow(since=_1992, rate=Rate.PARTICULAR, territories=_CORSICA, percent=Decimal("0.9"), source=Source("CGI, art. 297, I, 1, 1° : premières représentations, animaux de boucherie")),
    RateRow(since=date(2000, 4, 1), until=_END_OF_2013, rate=Rate.STANDARD, territories=_MAINLAND, percent=Decimal("19.6"), source=Source("CGI, art. 278, dans sa rédaction d’alors", Certainty.KNOWN)),
    RateRow(since=date(1995, 8, 1), until=date(2000, 3, 31), rate=Rate.STANDARD, territories=_MAINLAND, percent=Decimal("20.6"), source=Source("Loi n° 95-885 du 4 août 1995", Certainty.KNOWN)),
    RateRow(since=date(2012, 1, 1), until=_END_OF_2013, rate=Rate.INTERMEDIATE, territories=_MAINLAND, percent=Decimal(7), source=Source("Loi n° 2011-1978 du 28 décembre 2011, art. 13", Certainty.KNOWN)),
    RateRow(since=_1992, rate=Rate.LISTED, territories=_NOWHERE, percent=Decimal("9.2"), source=Source("XP Z12-012, BR-FR-16 ; sans doute la part de la retenue de TVA (CGI, art. 285 bis)", Certainty.KNOWN)),
    RateRow(since=_1992, rate=Rate.LISTED, territories=_NOWHERE, percent=Decimal("9.6"), source=Source("XP Z12-012, BR-FR-16 ; aucun texte retrouvé", Certainty.KNOWN)),
)  # fmt: skip


def rates(*, at: date | None = None, territory: Territory | None = None) -> tuple[Decimal, ...]:
    """The rates of VAT, in per cent, in force on that day in that territory; each once, in the table's order.

    Without ``at``: those that no text has ended. Without ``territory``: those of all of France. 0 is not among them:
    what bears no VAT has a reason (`exemptions`), not a rate.
    """
    rows = (row for row in RATES if (row.until is None if at is None else row.holds(at)))
    wanted = set(Territory) if territory is None else {territory}
    return tuple(dict.fromkeys(row.percent for row in rows if row.territories & wanted))


def rate_row(*, rate: Rate, territory: Territory, at: date, what: str = "le taux de TVA") -> RateRow:
    """The row of a rate by its place in the code. NotKnown if no row holds there that day; ``what`` names it in French."""
    rows = (row for row in RATES if row.rate is rate and territory in row.territories)
    return the_one_in_force(rows, at=at, what=what)


def rates_to_offer(*, at: date, territory: Territory | None) -> tuple[Decimal, ...]:
    """What a seller chooses from: the rates of where its VAT is due, then those of the rest of France, then 0.

    ``territory``: None for a place with taxes of its own.
    """
    here = () if territory is None else rates(at=at, territory=territory)
    return tuple(dict.fromkeys((*here, *rates(at=at), ZERO)))


def every_rate() -> tuple[Decimal, ...]:
    """All that an invoice of any year may bear, lowest first, 0 among them: the list of the norm (BR-FR-16)."""
    return tuple(sorted({ZERO, *(row.percent for row in RATES)}))


def written(rate: Decimal) -> str:
    """A rate as one writes it in French: 5,5."""
    return f"{rate.normalize():f}".replace(".", ",")
