"""Every rule by the layer it belongs to: for whoever prints, explains or counts them."""

from __future__ import annotations

from dataclasses import dataclass

from . import choruspro, cpro, en16931, france, mixed_table, own, syntax_rules
from .rule import Rule


@dataclass(frozen=True, slots=True)
class Shelf:
    """A book as it is shown: its layer in a verdict, its name and version, what it is in French, its rules."""

    layer: str
    name: str
    version: str
    told: str
    rules: dict[str, Rule]


SHELVES = (
    Shelf(
        "chorus",
        "Chorus Pro",
        choruspro.BOOK.version,
        "Ce que la plateforme refuse aujourd’hui. C’est ce qui décide.",
        choruspro.RULES,
    ),
    Shelf(
        "schema",
        "CPPFactureMixte",
        "1.14",
        "La forme du fichier mixte de Chorus Pro, dont le schéma n’est pas public.",
        mixed_table.RULES,
    ),
    Shelf(
        "en16931",
        "EN 16931",
        en16931.BOOK.version,
        "La norme européenne : le sens de chaque donnée et les calculs.",
        en16931.RULES,
    ),
    Shelf(
        "en16931",
        "EN 16931, syntaxes",
        en16931.BOOK.version,
        "Les éléments d’UBL et de CII que la norme n’utilise pas, ou une fois seulement.",
        syntax_rules.RULES,
    ),
    Shelf("en16931", "Plainchant", "1", "Ce que personne d’autre ne regarde : clés, dates impossibles.", own.RULES),
    Shelf("fr", "BR-FR", france.BOOK.version, "Les règles françaises de la réforme de la facturation.", france.RULES),
    Shelf("cpro", "BR-FR-CPRO", cpro.BOOK.version, "Les règles de la réforme propres au secteur public.", cpro.RULES),
)


def find(rule: str) -> tuple[Shelf, Rule] | None:
    """The shelf and the row of an id, in any case; None when nobody knows it."""
    wanted = rule.strip().upper()
    for shelf in SHELVES:
        for known, row in shelf.rules.items():
            if known.upper() == wanted:
                return shelf, row
    return None
