"""What a payer may owe or withhold besides the invoice: the diffuser's contribution, the précompte, and the dispense.

None of it is ever in the invoice's total. Whether a public body is a « diffuseur » is disputed: both readings are told,
with who holds them, and nothing here chooses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from plainchant.einvoice.amounts import to_cents, total
from plainchant.einvoice.law.dated import Certainty, Dated, Fact, Source, in_force

HUNDRED, ZERO = Decimal(100), Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionRate(Dated):
    """A part of the diffuser's contribution, in per cent of the pay without VAT. The payer's own, never deducted."""

    label: str
    percent: Decimal
    source: Source


CONTRIBUTION: tuple[ContributionRate, ...] = (
    ContributionRate(
        since=date(2020, 1, 1),
        label="contribution du diffuseur",
        percent=Decimal("1.00"),
        source=Source("CSS, art. L382-4 ; Urssaf, page diffuseur, 26 janvier 2024"),
    ),
    ContributionRate(
        since=date(2020, 1, 1),
        label="formation professionnelle",
        percent=Decimal("0.10"),
        source=Source("Urssaf, page diffuseur, 26 janvier 2024"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalReading(Dated):
    """One way of reading the law that serious people hold."""

    holder: str
    text: str
    source: Source


# CSS, art. L382-4 speaks of « diffusion ou exploitation commerciale »: what the adjective belongs to is the question.
READINGS: tuple[LegalReading, ...] = (
    LegalReading(
        since=date(2020, 1, 1),
        holder="La délégation du ministère de la Culture",
        text="montrer ou diffuser une œuvre suffit, même sans but commercial. Un musée ou une mairie est alors "
        "diffuseur et doit la contribution.",
        source=Source("FRAAP, article 996, citant le ministère de la Culture", Certainty.DISPUTED),
    ),
    LegalReading(
        since=date(2020, 1, 1),
        holder="Le CAAP et d’autres organisations d’artistes",
        text="seul celui qui exploite l’œuvre pour en tirer un revenu est diffuseur. Les autres ne doivent rien et "
        "n’ont rien à retenir.",
        source=Source("CAAP, fiche 1027 ; Le Trait, bonnes pratiques", Certainty.DISPUTED),
    ),
)
VISITS: tuple[Fact, ...] = (
    Fact(
        since=date(2020, 1, 1),
        text="Une école qui paie une rencontre n’est pas un diffuseur.",
        sources=(Source("Le guide de l’artiste, le précompte en 9 questions"),),
    ),
    Fact(
        since=date(2020, 1, 1),
        text="Les revenus accessoires (ateliers, débats) ne sont pas soumis à cette contribution.",
        sources=(Source("Urssaf, page diffuseur, 26 janvier 2024"),),
    ),
)


def contribution_rate(*, at: date) -> Decimal:
    """The whole contribution, in per cent: 1.10 today."""
    return total(row.percent for row in in_force(CONTRIBUTION, at=at))


def contribution(*, gross: Decimal, at: date) -> Decimal:
    """What a diffuser owes on top of ``gross``, the pay without VAT."""
    return to_cents(gross * contribution_rate(at=at) / HUNDRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Component(Dated):
    """A part of the précompte, in per cent of a share of the pay.

    ``state``: the points the State pays instead of the artist. ``share``: the part of the pay it is counted on, up to
    ``shared_up_to`` ceilings of the year, and on all of it beyond. ``is_capped``: nothing above one ceiling.
    """

    label: str
    percent: Decimal
    state: Decimal = ZERO
    share: Decimal = HUNDRED
    shared_up_to: int = 0
    is_capped: bool = False
    source: Source

    @property
    def withheld(self) -> Decimal:
        """Per cent withheld from the artist."""
        return self.percent - self.state


_URSSAF = Source("Urssaf, page artiste-auteur, 26 janvier 2024 ; tableau Orial 2024")


def _component(label: str, percent: str, state: str = "0", **changes: Any) -> Component:
    return Component(
        since=date(2022, 1, 1), label=label, percent=Decimal(percent), state=Decimal(state), source=_URSSAF, **changes
    )


_NEARLY_ALL: dict[str, Any] = {"share": Decimal("98.25"), "shared_up_to": 4}
COMPONENTS: tuple[Component, ...] = (
    _component("Vieillesse plafonnée", "6.90", "0.75", is_capped=True),
    _component("Vieillesse déplafonnée", "0.40", "0.40"),
    _component("CSG", "9.20", **_NEARLY_ALL),
    _component("CRDS", "0.50", **_NEARLY_ALL),
    _component("Formation professionnelle", "0.35"),
)
DOUBT = "Les taux du précompte sont ceux de 2024 ; nous n’avons pas trouvé de confirmation pour les années suivantes."
WITHHOLDING_SOURCE = Source("CSS, art. L382-5 et R382-26 ; CAAP, fiche 1027")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling(Dated):
    """The social security's ceiling of a year (PASS)."""

    amount: Decimal
    source: Source


def _ceiling(year: int, amount: int, source: Source) -> Ceiling:
    return Ceiling(since=date(year, 1, 1), until=date(year, 12, 31), amount=Decimal(amount), source=source)


CEILINGS: tuple[Ceiling, ...] = (
    _ceiling(2022, 41_136, Source("CSS, art. D242-17", Certainty.KNOWN)),
    _ceiling(2023, 43_992, Source("CSS, art. D242-17", Certainty.KNOWN)),
    _ceiling(2024, 46_368, Source("SGDL, cotisations 2024")),
    _ceiling(2025, 47_100, Source("CSS, art. D242-17 ; BOSS, octobre 2025")),
    _ceiling(2026, 48_060, Source("Arrêté du 22 décembre 2025")),
)


@dataclass(frozen=True, slots=True)
class Withheld:
    label: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Withholding:
    """A précompte worked out: what is kept for each component, and what is paid."""

    parts: tuple[Withheld, ...]
    total: Decimal
    paid: Decimal


def withholding(*, gross: Decimal, at: date, paid_before: Decimal = ZERO) -> Withholding | None:
    """The précompte on ``gross`` (without VAT), after ``paid_before`` this year by the same payer.

    None where the tables have no ceiling for that year: a figure that may be wrong helps nobody.
    """
    ceiling = next(iter(in_force(CEILINGS, at=at)), None)
    if ceiling is None:
        return None
    parts = tuple(
        Withheld(row.label, _part(row, gross, paid_before, ceiling.amount))
        for row in in_force(COMPONENTS, at=at)
        if row.withheld
    )
    kept = total(part.amount for part in parts)
    return Withholding(parts, kept, gross - kept)


def _part(row: Component, gross: Decimal, before: Decimal, ceiling: Decimal) -> Decimal:
    base = gross
    if row.is_capped:
        base = max(min(gross, ceiling - before), ZERO)
    elif row.shared_up_to:
        under = max(min(gross, ceiling * row.shared_up_to - before), ZERO)
        base = under * row.share / HUNDRED + gross - under
    return to_cents(base * row.withheld / HUNDRED)
