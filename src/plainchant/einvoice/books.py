"""Every rule by the layer it belongs to: for whoever prints, explains or counts them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from plainchant.einvoice.finding import Explanation
from plainchant.einvoice.pdfa.table import PROBES
from plainchant.einvoice.rule import Rule, RuleBook, table
from plainchant.einvoice.rules import (
    authors_table,
    choruspro,
    cpro,
    en16931,
    extended,
    file_table,
    france,
    header_table,
    own,
    recipient_table,
)
from plainchant.einvoice.rules.cpro_table import NOT_RUN
from plainchant.einvoice.syntaxes import rule_table
from plainchant.einvoice.syntaxes.mixed import form_table

_DETAIL = re.compile(r"\{\w*\}")  # filled in when the rule fails
_EFFECTS = {"fatal": "bloque", "warning": "avertit"}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A book as it is shown: its layer in a verdict, its name and version, what it is in French, its rules."""

    layer: str
    name: str
    version: str
    summary: str
    rules: dict[str, Rule]
    book: RuleBook | None = None  # what says from when to when it applies; without one, always


PDFA = table(
    Rule(row.id, (), f"{row.looked_at[:1].upper()}{row.looked_at[1:]}.", row.french, "warning", syntaxes=("cii",))
    for row in PROBES.values()
)
SHELVES = (
    Shelf(
        "wellformed", "Fichier", "1", "Le fichier lui-même : s’il s’ouvre, et s’il suit son format.", file_table.RULES
    ),
    Shelf(
        "chorus",
        "Chorus Pro",
        choruspro.BOOK.version,
        "Ce que la plateforme refuse aujourd’hui. C’est ce qui décide.",
        header_table.RULES | choruspro.RULES,
        choruspro.BOOK,
    ),
    Shelf(
        "chorus",
        "Annuaire",
        "1",
        "Ce que le destinataire demande, là où un annuaire le dit.",
        recipient_table.RULES,
        choruspro.BOOK,
    ),
    Shelf(
        "schema",
        "CPPFactureMixte",
        "1.14",
        "La forme du fichier mixte de Chorus Pro, dont le schéma n’est pas public.",
        form_table.RULES,
    ),
    Shelf(
        "en16931",
        "EN 16931",
        en16931.BOOK.version,
        "La norme européenne : le sens de chaque donnée et les calculs.",
        en16931.RULES,
        en16931.BOOK,
    ),
    Shelf(
        "en16931",
        "EN 16931, syntaxes",
        en16931.BOOK.version,
        "Les éléments d’UBL et de CII que la norme n’utilise pas, ou une fois seulement.",
        rule_table.RULES,
        en16931.BOOK,
    ),
    Shelf(
        "en16931",
        "EXTENDED",
        "1.4.0.04",
        "Ce que EXTENDED-CTC-FR et Factur-X EXTENDED ont à la place de règles de la norme, ou en plus d’elle.",
        extended.RULES,
    ),
    Shelf("en16931", "Plainchant", "1", "Ce que personne d’autre ne regarde : clés, dates impossibles.", own.RULES),
    Shelf(
        "fr",
        "BR-FR",
        france.BOOK.version,
        "Les règles françaises de la réforme de la facturation.",
        france.RULES,
        france.BOOK,
    ),
    Shelf(
        "cpro",
        "BR-FR-CPRO",
        cpro.BOOK.version,
        "Les règles de la réforme propres au secteur public.",
        cpro.RULES,
        cpro.BOOK,
    ),
    Shelf(
        "header",
        "En-tête",
        "1",
        "Ce qui est demandé d’une facture tapée à la main, en plus de ce que Chorus Pro regarde de toutes.",
        header_table.TYPED,
    ),
    Shelf(
        "answers",
        "Artistes-auteurs",
        "1",
        "Ce que le portail demande des réponses d’un artiste-auteur, avant d’en faire une facture.",
        authors_table.RULES,
    ),
    Shelf("schema", "PDF/A-3", "1", "Ce que notre sonde regarde d’un PDF. Elle ne bloque rien.", PDFA),
)


def below(name: str) -> list[str]:
    """The ids that an official number stands for: BR-FR-05 is BR-FR-05_BT-22_AAB and three others."""
    wanted = name.strip().upper()
    return [
        rule for shelf in SHELVES for rule in shelf.rules if rule.upper().startswith((f"{wanted}_", f"{wanted}-BT"))
    ]


def dates(shelf: Shelf, rule: Rule) -> str:
    """From when to when a rule applies, by the day of the invoice, in French."""
    book = shelf.book
    since = rule.since or (book.since if book else None)
    until = rule.until or (book.until if book else None)
    if since and until:
        period = f"du {since:%d/%m/%Y} au {until:%d/%m/%Y}"
    elif since:
        period = f"depuis le {since:%d/%m/%Y}"
    elif until:
        period = f"jusqu’au {until:%d/%m/%Y}"
    else:
        period = "de toute date"
    if book and book.warning_until:
        period += f" (jusqu’au {book.warning_until:%d/%m/%Y}, elle avertit sans bloquer)"
    return period


def find(rule: str) -> tuple[Shelf, Rule] | None:
    """The shelf and the row of an id, in any case; None when nobody knows it."""
    wanted = rule.strip().upper()
    for shelf in SHELVES:
        for known, row in shelf.rules.items():
            if known.upper() == wanted:
                return shelf, row
    return None


def explain(rule: str) -> Explanation | None:
    """An id in plain words, in any case; None when nobody knows it."""
    number = rule.strip().upper()
    if number in NOT_RUN:
        return Explanation(number, f"{number} n’est pas vérifiée ici. {NOT_RUN[number]}", "", ())
    known = find(rule)
    if known is None:
        return None
    shelf, row = known
    published = f", publié le {shelf.book.published:%d/%m/%Y}" if shelf.book else ""
    effects = [f"{syntax.upper()}\u00a0: {_EFFECTS[row.severity_for(syntax)]}" for syntax in row.syntaxes]
    return Explanation(
        code=row.id,
        meaning=_DETAIL.sub("…", row.french),
        mend="",
        facts=(
            row.english,
            f"Livre\u00a0: {shelf.name} {shelf.version}{published}. {shelf.summary}",
            f"Factures concernées\u00a0: {dates(shelf, row)}.",
            *([f"Données\u00a0: {', '.join(row.terms)}"] if row.terms else []),
            ", ".join(effects) or f"Elle {_EFFECTS[row.severity]}.",
        ),
    )
