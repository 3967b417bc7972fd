"""From a situation and its answers to the lines of the invoice, and what is to be said about them first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from plainchant.einvoice.amounts import to_cents
from plainchant.einvoice.finding import Finding, refusals
from plainchant.einvoice.law.dated import Certainty, Dated, Source, in_force
from plainchant.einvoice.law.french_vat import SUPPLY_OF, Activity, Nature, Regime, vat_category
from plainchant.einvoice.law.vat_rates import Territory
from plainchant.einvoice.model import VatCategory
from plainchant.einvoice.wording import money

from . import assignment
from .questions import MISSING, Answers, Value, in_words, read
from .situation import AuthorDocument, LineTemplate, Situation
from .situation_table import MOST_COPIES, SITUATIONS, UNITS

_HOLE = re.compile(r"\{(\w+)\}")
ONE, HUNDRED = Decimal(1), Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineProposal:
    """A line as the tables propose it; the artist may still change every word and figure of it.

    ``vat`` is complete, with the reason there is none (what the breakdown BG-23 says). ``price`` is without VAT.
    """

    name: str  # BT-153
    description: str  # BT-154
    quantity: Decimal  # BT-129
    unit: str  # BT-130
    price: Decimal  # BT-146
    vat: VatCategory  # BG-30 and BG-23
    nature: Nature  # what BT-23 of the reform is made of
    supply: str
    activity: Activity


class NothingToInvoice(ValueError):
    """The situation makes no line: no invoice is due (``situation.why``), or another one is meant (``leads_to``)."""


class AnswersWanted(ValueError):
    """Answers are missing or cannot be read: ``findings`` says which, each beside its question."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(finding.message for finding in findings))
        self.findings = findings


def situations_for(*, at: date) -> tuple[Situation, ...]:
    """The situations to choose from on that day, in the order to show them."""
    return in_force(SITUATIONS, at=at)


def check_answers(*, situation: Situation, answers: Answers, at: date) -> list[Finding]:
    """All there is to say about the answers: what is missing or unreadable (fatal), what deserves a look (warning).

    ``Finding.field`` is the name of the question.
    """
    understood, findings = read(situation.questions, answers)
    for template in situation.lines:
        if not template.wording:
            continue
        terms = _assigned(template, understood)
        lacking = assignment.missing(terms)
        # Where an answer is missing that the law asks for, the law's reason is better told than the form's.
        of_law = {finding.field: finding.message for finding in lacking}
        field_of = assignment.FIELD_OF[template.wording]
        findings = [
            replace(finding, rule=assignment.RULE, message=of_law[field])
            if finding.rule == MISSING and (field := field_of.get(finding.field or "")) in of_law
            else finding
            for finding in findings
        ]
        if not lacking:
            longest = "works" if template.wording == "exhibition" else "extent"
            findings += assignment.too_long(assignment.wording(terms), field=longest)
    first, last = understood.get("first_day"), understood.get("last_day")
    if isinstance(first, date) and isinstance(last, date) and last < first:
        message = "L’exposition ferme avant d’ouvrir : corrigez l’une des deux dates."
        findings.append(Finding("AUTEUR-DATES", message, "last_day"))
    return findings + _advice(understood, at)


def nature_of(situation: Situation) -> Nature:
    """What its lines may be: goods, services, or both (BT-23 of the reform). ValueError if it has none."""
    if not situation.lines:
        raise ValueError(f"{situation.code} has no lines")
    codes: set[str] = set()
    for template in situation.lines:
        options = (question.options for question in situation.questions if question.name == template.supply)
        codes |= {template.supply} & set(SUPPLY_OF) or {choice.value for choices in options for choice in choices}
    natures = {SUPPLY_OF[code].nature for code in codes}
    return natures.pop() if len(natures) == 1 else Nature.MIXED


def lines_for(
    *, situation: Situation, answers: Answers, regime: Regime, territory: Territory, at: date
) -> tuple[LineProposal, ...]:
    """The lines of the invoice. Each has its own VAT.

    NothingToInvoice when the situation has none; AnswersWanted when `check_answers` refuses; law.NotKnown when the
    tables have no rate for that territory and day.
    """
    if situation.document is AuthorDocument.NOTHING or not situation.lines:
        raise NothingToInvoice(situation.why)
    stopping = refusals(check_answers(situation=situation, answers=answers, at=at))
    if stopping:
        raise AnswersWanted(stopping)
    understood, _ = read(situation.questions, answers)
    words = in_words(situation.questions, understood)
    return tuple(
        _line(template, understood, words, regime, territory, at)
        for template in situation.lines
        if not template.is_optional or understood.get(template.price)
    )


def _line(
    template: LineTemplate,
    understood: Mapping[str, Value],
    words: Mapping[str, str],
    regime: Regime,
    territory: Territory,
    at: date,
) -> LineProposal:
    supply = SUPPLY_OF[_supply(template, understood)]
    quantity, price = understood.get(template.quantity, ONE), understood[template.price]
    assert isinstance(quantity, Decimal)  # noqa: S101 - read() gives numbers as Decimal
    assert isinstance(price, Decimal)  # noqa: S101
    if template.wording:
        description = assignment.wording(_assigned(template, understood))
    else:
        description = ". ".join(
            part.format(**words) for part in template.parts if set(_HOLE.findall(part)) <= set(words)
        )
    return LineProposal(
        name=template.name.format(**words),
        description=description,
        quantity=quantity,
        unit=UNITS[str(understood[template.unit_from])] if template.unit_from else template.unit,
        price=price,
        vat=vat_category(supply=supply.code, regime=regime, territory=territory, at=at),
        nature=supply.nature,
        supply=supply.code,
        activity=supply.activity,
    )


def _supply(template: LineTemplate, understood: Mapping[str, Value]) -> str:
    if template.supply not in SUPPLY_OF:  # the name of the question that says what was done
        return str(understood[template.supply])
    return "MULTIPLE" if template.supply == "WORK" and not is_original(understood) else template.supply


def is_original(understood: Mapping[str, Value]) -> bool:
    """Whether the answers describe a work of art as VAT knows it (CGI, annexe III, art. 98 A, II)."""
    kind, copies = str(understood.get("work_kind", "")), understood.get("copies", ONE)
    most = MOST_COPIES.get(kind)
    return kind != "other" and (most is None or not isinstance(copies, Decimal) or copies <= most)


def _assigned(template: LineTemplate, understood: Mapping[str, Value]) -> Mapping[str, Value]:
    return assignment.exhibition_answers(understood) if template.wording == "exhibition" else understood


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor(Dated):
    """The ministry's floor for showing works: for a solo show, for each artist of a group, and the share of tickets."""

    solo: Decimal
    each: Decimal
    tickets: Decimal  # in per cent
    source: Source


FLOORS: tuple[Floor, ...] = (
    Floor(
        since=date(2019, 12, 1),
        solo=Decimal(1000),
        each=Decimal(100),
        tickets=Decimal(3),
        source=Source("Ministère de la Culture, recommandation de décembre 2019", Certainty.READ),
    ),
)


def exhibition_floor(*, artists: int, tickets: Decimal, at: date) -> Decimal | None:
    """The recommended least for one artist: of a solo show (``artists`` 1) or of a group. None where no row holds.

    Under ten artists the solo amount is shared; tickets are those sold for this show alone.
    """
    rows = in_force(FLOORS, at=at)
    if not rows:
        return None
    floor = rows[0]
    least = floor.solo if artists <= 1 else max(floor.each, to_cents(floor.solo / artists))
    return max(least, to_cents(tickets * floor.tickets / HUNDRED / max(artists, 1)))


def _advice(understood: Mapping[str, Value], at: date) -> list[Finding]:
    """What stops nothing and deserves a look."""
    found = []
    price = understood.get("price")
    if "solo" in understood and isinstance(price, Decimal):
        artists, tickets = understood.get("artists", ONE), understood.get("tickets", Decimal(0))
        assert isinstance(artists, Decimal)  # noqa: S101 - read() gives numbers as Decimal
        assert isinstance(tickets, Decimal)  # noqa: S101
        least = exhibition_floor(artists=int(artists), tickets=tickets, at=at)
        if least is not None and price < least:
            message = (
                f"Le ministère de la Culture recommande au moins {money(least, 'EUR')} pour cette exposition, et vous "
                f"demandez {money(price, 'EUR')}. Ce n’est pas obligatoire : à vous de voir."
            )
            found.append(Finding("AUTEUR-PLANCHER", message, "price", "warning"))
    if not is_original(understood):
        message = (
            "Ce n’est pas une œuvre originale au sens de la TVA (CGI, annexe III, art. 98 A) : le taux est le taux "
            "normal, pas le taux réduit. Rien ne change si vous ne facturez pas la TVA."
        )
        field = "work_kind" if understood.get("work_kind") == "other" else "copies"
        found.append(Finding("AUTEUR-ORIGINAL", message, field, "warning"))
    return found
