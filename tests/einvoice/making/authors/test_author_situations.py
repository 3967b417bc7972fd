"""What each situation of an artist-author makes: the document, the lines, what is asked and what is told first."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from plainchant.einvoice.finding import refusals
from plainchant.einvoice.law.french_vat import Regime
from plainchant.einvoice.law.vat_rates import Territory
from plainchant.einvoice.making.authors import (
    SITUATION_OF,
    SITUATIONS,
    AnswersWanted,
    AuthorDocument,
    NothingToInvoice,
    assignment,
    check_answers,
    lines_for,
    nature_of,
    situations_for,
)
from plainchant.einvoice.making.authors.lines import exhibition_floor
from plainchant.einvoice.making.authors.page import printed
from plainchant.einvoice.making.authors.questions import LONGEST, MISSING
from plainchant.einvoice.making.composing import Coding, Nature, compose, totals_of
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.ubl.write import write as write_ubl
from plainchant.einvoice.verdict import check
from tests.einvoice.making.authors.invoices import ANSWERS, AT, MAINLAND, RIGHTS, SHOW, sheet

D = Decimal
WRITERS = {"cii": write_cii, "ubl": write_ubl}


def lines(code: str, regime: Regime = Regime.FRANCHISE, territory: Territory = MAINLAND, **answers: object):
    situation = SITUATION_OF[code]
    return lines_for(situation=situation, answers=ANSWERS[code] | answers, regime=regime, territory=territory, at=AT)


def told(code: str, **answers: object):
    return check_answers(situation=SITUATION_OF[code], answers=ANSWERS[code] | answers, at=AT)


# -- Refusals ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["GRANT", "NO_SIRET", "NOTE"])
def test_where_no_invoice_is_due_none_is_made_and_the_reason_is_said(code):
    situation = SITUATION_OF[code]
    with pytest.raises(NothingToInvoice, match=re.escape(situation.why)):
        lines_for(situation=situation, answers={}, regime=Regime.FRANCHISE, territory=MAINLAND, at=AT)


@pytest.mark.parametrize("code", ANSWERS)
def test_each_missing_answer_is_told_beside_its_question(code):
    situation = SITUATION_OF[code]
    findings = check_answers(situation=situation, answers={}, at=AT)
    wanted = [one.name for one in situation.questions if one.is_required and not one.default and not one.only_if]
    assert [finding.field for finding in findings] == wanted
    with pytest.raises(AnswersWanted) as refusal:
        lines_for(situation=situation, answers={}, regime=Regime.FRANCHISE, territory=MAINLAND, at=AT)
    assert refusal.value.findings == findings


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("rights", "Dites quels droits vous cédez, un par un"),
        ("extent", "Dites jusqu’où va la cession"),
        ("purpose", "Dites à quoi serviront les droits cédés"),
        ("place", "Dites où ils seront exercés"),
        ("duration", "Dites pour combien de temps"),
    ],
)
@pytest.mark.parametrize("code", ["RIGHTS", "COMMISSION"])
def test_an_assignment_without_something_the_code_asks_says_which(code, field, said):
    (finding,) = told(code, **{field: ""})
    assert finding.rule == assignment.RULE
    assert finding.field == field
    assert finding.message.startswith(said)
    assert "L131-3" in finding.message


@pytest.mark.parametrize(
    ("field", "said"), [("venue", "où"), ("first_day", "combien de temps"), ("exhibition", "à quoi")]
)
def test_an_exhibition_lacks_the_same_things_under_the_names_of_its_questions(field, said):
    (finding,) = told("EXHIBITION", **{field: ""})
    assert (finding.rule, finding.field) == (assignment.RULE, field)
    assert said in finding.message


@pytest.mark.parametrize(
    ("code", "answers", "field"),
    [
        ("SALE", {"price": "mille"}, "price"),
        ("SALE", {"price": "0"}, "price"),
        ("SALE", {"price": "-3"}, "price"),
        ("SALE", {"price": "10,001"}, "price"),
        ("SALE", {"price": "NaN"}, "price"),
        ("SALE", {"price": "1e30"}, "price"),
        ("SALE", {"title": "x" * (LONGEST["text"] + 1)}, "title"),
        ("SALE", {"work_kind": "poem"}, "work_kind"),
        ("SALE", {"copies": "1,5"}, "copies"),
        ("EXHIBITION", {"solo": "group", "artists": "2.5"}, "artists"),
        ("RIGHTS", {"rights": []}, "rights"),
        ("VISIT", {"sessions": "0"}, "sessions"),
        ("VISIT", {"act": ("READING", "WORKSHOP")}, "act"),
        ("EXHIBITION", {"first_day": "3 novembre"}, "first_day"),
        ("EXHIBITION", {"first_day": "2026-02-30"}, "first_day"),
        ("EXHIBITION", {"last_day": "2026-11-01"}, "last_day"),
        ("EXHIBITION", {"solo": "group", "artists": ""}, "artists"),
        ("RIGHTS", {"rights": ("all",)}, "rights"),
    ],
)
def test_an_answer_that_cannot_be_is_told_and_stops_the_lines(code, answers, field):
    assert field in [finding.field for finding in refusals(told(code, **answers))]
    with pytest.raises(AnswersWanted):
        lines(code, **answers)


def test_a_wording_the_portal_would_refuse_for_its_length_is_never_cut():
    answers = dict.fromkeys(("extent", "purpose"), "x" * LONGEST["long"]) | {"place": "y" * 60}
    (finding,) = told("RIGHTS", **answers)
    assert finding.rule == assignment.TOO_LONG
    assert "1024" in finding.message
    with pytest.raises(AnswersWanted):
        lines("RIGHTS", **answers)
    with pytest.raises(ValueError, match="L131-3"):
        assignment.wording({})


# -- What is told and stops nothing --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("artists", "tickets", "floor"),
    [
        (1, "0", "1000.00"),
        (1, "33333.33", "1000.00"),  # 3 % is 999.99…
        (1, "40000", "1200.00"),
        (4, "0", "250.00"),
        (10, "0", "100.00"),
        (30, "0", "100.00"),
    ],
)
def test_the_ministrys_floor(artists, tickets, floor):
    assert exhibition_floor(artists=artists, tickets=D(tickets), at=AT) == D(floor)
    assert exhibition_floor(artists=artists, tickets=D(tickets), at=date(2019, 6, 1)) is None


def test_a_price_under_the_floor_is_told_and_stops_nothing():
    (finding,) = told("EXHIBITION", price="999.99")
    assert (finding.severity, finding.field) == ("warning", "price")
    assert told("EXHIBITION", price="1000") == []
    assert told("EXHIBITION", solo="group", artists="12", price="100") == []
    assert len(told("EXHIBITION", solo="group", artists="4", price="249")) == 1
    assert lines("EXHIBITION", price="1")[0].price == 1


@pytest.mark.parametrize(
    ("kind", "copies", "rate"),
    [
        ("ceramic", "1", "5.5"),
        ("ceramic", "2", "20"),
        ("sculpture", "12", "5.5"),
        ("sculpture", "13", "20"),
        ("photograph", "30", "5.5"),
        ("photograph", "31", "20"),
        ("tapestry", "9", "20"),
        ("print", "150", "5.5"),
        ("other", "1", "20"),
    ],
)
def test_beyond_the_copies_the_law_allows_a_thing_is_no_work_of_art_for_vat(kind, copies, rate):
    (line,) = lines("SALE", Regime.LIABLE, work_kind=kind, copies=copies)
    assert line.vat.rate == D(rate)
    assert [finding.severity for finding in told("SALE", work_kind=kind, copies=copies)] == ["warning"] * (rate == "20")


# -- Documents and lines -------------------------------------------------------------------------------------------


def test_the_choices_are_in_the_tables_order_and_begin_with_the_obligation_to_use_the_portal():
    assert situations_for(at=AT) == SITUATIONS
    assert situations_for(at=date(2019, 12, 31)) == ()


@pytest.mark.parametrize(
    ("code", "document"),
    [
        ("SALE", AuthorDocument.INVOICE),
        ("RIGHTS", AuthorDocument.INVOICE),
        ("EXHIBITION", AuthorDocument.INVOICE),
        ("VISIT", AuthorDocument.INVOICE),
        ("COMMISSION", AuthorDocument.INVOICE),
        ("NOTE", AuthorDocument.INVOICE),
        ("GRANT", AuthorDocument.NOTHING),
        ("NO_SIRET", AuthorDocument.NOTHING),
    ],
)
def test_each_situation_has_its_document_and_says_why_with_sources(code, document):
    situation = SITUATION_OF[code]
    assert situation.document is document
    assert situation.why
    assert situation.explanation
    assert situation.facts
    assert all(fact.sources and all(source.text for source in fact.sources) for fact in situation.facts)
    assert all(lead in SITUATION_OF for lead in situation.leads_to)


LINES = [
    # situation, answers → (item, rate if VAT is charged, unit, net, nature)
    ("SALE", {}, [("Œuvre « Vague »", "5.5", "C62", "1000.00", Nature.GOODS)]),
    (
        "SALE",
        {"delivery": "50"},
        [
            ("Œuvre « Vague »", "5.5", "C62", "1000.00", Nature.GOODS),
            ("Livraison de l’œuvre", "5.5", "C62", "50.00", Nature.GOODS),
        ],
    ),
    ("RIGHTS", {}, [("Cession de droits d’auteur, « Marées »", "10", "C62", "1000.00", Nature.SERVICES)]),
    (
        "EXHIBITION",
        {},
        [
            (
                "Droit de présentation publique, exposition personnelle « Marées »",
                "10",
                "C62",
                "1000.00",
                Nature.SERVICES,
            )
        ],
    ),
    ("VISIT", {}, [("Atelier artistique (demi-journée)", "20", "C62", "1000.00", Nature.SERVICES)]),
    (
        "VISIT",
        {"act": "READING", "unit": "hour", "sessions": "1,5", "price": "80", "expenses": "42,30"},
        [
            ("Lecture publique par l’auteur (heure)", "10", "HUR", "120.00", Nature.SERVICES),
            ("Frais de déplacement", "10", "C62", "42.30", Nature.SERVICES),
        ],
    ),
    (
        "VISIT",
        {"act": "PRESENTATION", "unit": "day", "sessions": "1"},
        [("Rencontre avec présentation d’œuvres (journée)", "10", "DAY", "500.00", Nature.SERVICES)],
    ),
    (
        "VISIT",
        {"act": "MEETING", "unit": "session"},
        [("Rencontre, débat (séance)", "20", "C62", "1000.00", Nature.SERVICES)],
    ),
    (
        "COMMISSION",
        {},
        [
            ("Œuvre « Marées »", "5.5", "C62", "600.00", Nature.GOODS),
            ("Cession de droits d’auteur, « Marées »", "10", "C62", "300.00", Nature.SERVICES),
            ("Travail technique, « Marées »", "20", "C62", "100.00", Nature.SERVICES),
        ],
    ),
    (
        "COMMISSION",
        {"work_price": "", "technical_price": "0"},
        [("Cession de droits d’auteur, « Marées »", "10", "C62", "300.00", Nature.SERVICES)],
    ),
]


@pytest.mark.parametrize(("code", "answers", "wanted"), LINES)
def test_each_situation_proposes_its_lines(code, answers, wanted):
    made = lines(code, Regime.LIABLE, **answers)
    composed = compose(sheet(code, regime=Regime.LIABLE, **answers)).lines
    shown = [
        (line.name.replace("\u00a0", " "), str(line.vat.rate), line.unit, str(priced.net_amount), line.nature)
        for line, priced in zip(made, composed, strict=True)
    ]
    assert shown == wanted
    free = lines(code, Regime.FRANCHISE, **answers)
    assert {(line.vat.code, line.vat.rate, line.vat.exemption_reason_code) for line in free} == {
        ("E", 0, "VATEX-FR-FRANCHISE")
    }


def test_the_description_of_a_work_says_what_it_is_and_leaves_out_what_was_not_answered():
    (line,) = lines("SALE")
    assert line.description.replace("\u00a0", " ") == (
        "grès émaillé. 40 × 30 × 12 cm. 2026. Les droits d’auteur restent à l’artiste (CPI, art. L111-3)"
    )
    (other,) = lines("SALE", size="", year=None, edition="3/8", work_kind="sculpture", copies="8")
    assert other.description.startswith("grès émaillé. Exemplaire 3/8. Les droits")


def test_an_assignment_says_each_right_and_its_four_limits():
    (line,) = lines("RIGHTS")
    assert line.description.replace("\u00a0", " ") == (
        "Cession du droit de reproduction et du droit de représentation sur l’œuvre « Marées », à titre non exclusif. "
        "Étendue : une affiche tirée à 500 exemplaires et le site de la ville. "
        "Destination : annoncer le festival 2027, sans vente. Lieu : la France. "
        "Durée : 2 ans à partir du 1er janvier 2027. Tout droit non cité reste à l’artiste (CPI, art. L131-3)."
    )
    (exclusive,) = lines("RIGHTS", exclusive="yes", rights="adaptation")
    assert exclusive.description.replace("\u00a0", " ").startswith(
        "Cession du droit d’adaptation sur l’œuvre « Marées », à titre exclusif."
    )


def test_an_exhibition_is_worded_as_an_assignment_too():
    (line,) = lines("EXHIBITION", works="12 gravures de la série « Marées »")
    assert line.description.replace("\u00a0", " ") == (
        "Cession du droit de présentation publique, à titre non exclusif. "
        "Étendue : 12 gravures de la série « Marées ». Destination : exposition « Marées ». "
        "Lieu : Médiathèque, Fable. Durée : du 3 novembre 2026 au 30 novembre 2026. "
        "Tout droit non cité reste à l’artiste (CPI, art. L131-3)."
    )


def test_answers_are_understood_as_typed_text_or_as_a_form_has_read_them():
    typed = lines("EXHIBITION")
    read = lines("EXHIBITION", first_day=date(2026, 11, 3), last_day=date(2026, 11, 30), price=D("1000.00"))
    assert typed == read


def test_what_is_asked_only_after_another_answer_is_not_missed_without_it():
    assert MISSING not in {finding.rule for finding in told("EXHIBITION")}
    assert [finding.field for finding in told("EXHIBITION", solo="group")] == ["artists"]


@pytest.mark.parametrize("syntax", WRITERS)
@pytest.mark.parametrize("regime", [Regime.FRANCHISE, Regime.LIABLE])
@pytest.mark.parametrize("code", ANSWERS)
def test_every_situation_makes_an_invoice_the_engine_has_nothing_to_say_about(code, regime, syntax):
    made = sheet(code, regime=regime)
    classic = check(WRITERS[syntax](compose(made)), at=AT)
    assert classic.accepted
    assert [finding for name in ("schema", "chorus", "en16931") for finding in classic.layer(name).findings] == []
    reform = check(WRITERS[syntax](compose(made, coding=Coding.REFORM)), at=AT)
    assert [finding for name in ("schema", "en16931", "fr", "cpro") for finding in reform.layer(name).findings] == []


@pytest.mark.parametrize(
    ("code", "process"), [("SALE", "B1"), ("RIGHTS", "S1"), ("EXHIBITION", "S1"), ("VISIT", "S1"), ("COMMISSION", "M1")]
)
def test_the_reforms_process_follows_from_the_nature_of_the_lines(code, process):
    assert nature_of(SITUATION_OF[code]).cadre() == process
    assert compose(sheet(code), coding=Coding.REFORM).business_process == process


def test_the_worked_example_of_a_solo_show():
    free, taxed = totals_of(sheet("EXHIBITION")), totals_of(sheet("EXHIBITION", regime=Regime.LIABLE))
    assert (free.line_total, free.tax, free.tax_inclusive, free.payable) == (D(1000), 0, D(1000), D(1000))
    assert (taxed.line_total, taxed.tax, taxed.payable) == (D(1000), D(100), D(1100))
    assert taxed.payable == D("1100.00")


_BREAKABLE = re.compile(r"« | »|[^\W\d_] [;:!?](?=[\s<]|$)")


def test_no_sentence_of_the_tables_breaks_before_its_punctuation():
    found = _BREAKABLE.search(printed())
    assert found is None, found and printed()[found.start() - 40 : found.end() + 10]


@pytest.mark.parametrize("name", ["title", "exhibition"])
def test_the_longest_titles_still_make_a_line_the_portal_takes(name):
    answers = {name: "x" * LONGEST["text"]}
    for code, known in (("RIGHTS", RIGHTS), ("EXHIBITION", SHOW)):
        if name in known:
            assert len(lines(code, **answers)[0].name) <= 250
