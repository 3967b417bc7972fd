"""Units of a quantity (BT-130): how one calls, types and prints them. Source: UN/ECE Recommendations 20 and 21."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """``printed`` stands on the page, the label where there is none. ``words``: what people type or paste for it."""

    code: str
    label: str
    printed: str | None = None
    words: tuple[str, ...] = ()
    is_offered: bool = True

    def beside(self, *, several: bool) -> str:
        """What to print after a quantity; ``several``: of two or more."""
        if self.printed is not None:
            return self.printed  # a sign, or nothing: never in the plural
        return self.label if not several or self.label.endswith("s") else f"{self.label}s"


# The first is proposed.
UNITS: tuple[Unit, ...] = (
    Unit("C62", "unité", printed="", words=("u",)),  # « un », of whatever the line names
    Unit("LS", "forfait", words=("ens",)),
    Unit("HUR", "heure", words=("h",)),
    Unit("DAY", "jour", words=("j",)),
    Unit("WEE", "semaine"),
    Unit("MON", "mois"),
    Unit("ANN", "année", words=("an",)),
    Unit("MIN", "minute", printed="min", words=("min", "mn")),
    Unit("E48", "prestation", words=("seance",)),
    Unit("XPP", "pièce"),
    Unit("SET", "lot"),
    Unit("PR", "paire"),
    Unit("DZN", "douzaine"),
    Unit("KMT", "kilomètre", printed="km"),
    Unit("MTR", "mètre", printed="m"),
    Unit("MTK", "mètre carré", printed="m²", words=("m2",)),
    Unit("MTQ", "mètre cube", printed="m³", words=("m3",)),
    Unit("LTR", "litre", printed="l"),
    Unit("KGM", "kilogramme", printed="kg"),
    Unit("GRM", "gramme", printed="g"),
    Unit("TNE", "tonne", printed="t"),
    Unit("KWH", "kilowattheure", printed="kWh"),
    Unit("H87", "pièce", is_offered=False),
    Unit("EA", "pièce", is_offered=False),
    Unit("P1", "pour cent", printed="%", is_offered=False),
)
UNIT_OF = {row.code: row for row in UNITS}
OFFERED = tuple(row for row in UNITS if row.is_offered)
DEFAULT = OFFERED[0].code
