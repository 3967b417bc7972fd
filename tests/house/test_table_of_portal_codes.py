"""A code has one row and one meaning; none is given that has no row, and no row stands for nothing."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import get_args

import pytest

from plainchant.capture.proposal import WarningCode
from plainchant.einvoice.books import SHELVES
from plainchant.einvoice.drawing.look import LookRefused
from plainchant.portal.accounts.queries import LinkState
from plainchant.portal.codes import CODE_OF, CODES, About, Code, explain
from plainchant.portal.lib.errors import Refused
from plainchant.reader.reasons import FailureReason, ReaderFailed
from tests.house.sources import PACKAGE, Source, sources

TABLES = {PACKAGE / "portal" / "codes.py", *PACKAGE.glob("einvoice/**/*table.py")}
RULES = {rule for shelf in SHELVES for rule in shelf.rules}
# How our own ids begin, such as CPRO- and IRR_. Those of the official books are compared with what is published.
FAMILIES = {code[: match.end()] for code in {*RULES, *CODE_OF} if (match := re.match(r"[A-Z]+[-_]", code))}
FAMILIES -= {"BR-", "UBL-", "CII-"}
OURS = re.compile(rf"(?:{'|'.join(sorted(FAMILIES))})[A-Z0-9.]+(?:[-_][A-Z0-9.]+)*\Z")
# Given in several places, with the same meaning in each: look before adding one here.
GIVEN_TWICE = {
    "SAISIE-SANS-MANDAT",  # a sheet, a row of a table; asked for once on the page of a table
    "FLUX-ILLISIBLE",  # a flow that is carried, a table that is looked at
    "TABLEAU-CASE-VIDE",  # of a row, and left out again in the rows that follow it
    "CPRO-FOURNISSEUR-INACTIF",  # a draft, an invoice in a flow
    "CPRO-SOI-MEME",
    "CPRO-G2.07",
    "CPRO-COMMENTAIRE-LONG",
    *("CPRO-HT", "CPRO-TVA-ABSENTE", "CPRO-TTC", "CPRO-NET"),  # of a header; left out where the portal adds up
    "CPRO-TYPE",  # a header, a draft
    "CPRO-DEVISE",
    "CPRO-G1.02",
    "CPRO-PAIEMENT",
    "CPRO-TVA-REGIME",
    "FLUX-VALEUR",  # refused by the database, or longer than its columns
    "FLUX-DEJA-PRISE",  # given once, and looked for by the report; so are the next four
    "FX-ABSENT",
    "XML-TAILLE",
    "XML-TROP-LONG",
    "XSD-PROFIL",
    "IRR_TAILLE_F",  # a flow, a file in it, what the antivirus takes
    "IRR_TYPE_F",
    "IRR_VIDE_F",
    "IRR_SYNTAX",
    "TABLEAU-CHOIX",
    "TABLEAU-NOMBRE",
    "SAISIE-FORME",
}

# Pages that show something else than the sentence: a picture that is not there, a link's own page, what to do first,
# everything that is to be mended beside its field, two versions to choose from.
MAY_CATCH = {
    "pages.py",
    "account/views.py",
    "deposit/sending.py",
    "drafts/saving.py",
    "entry/sending.py",
    "entry/start.py",
}


@cache
def _modules() -> list[Source]:
    return [module for module in sources() if module.path not in TABLES and not module.is_migration]


@cache
def given() -> dict[str, list[str]]:
    """Every string of the program that has the shape of a code of ours, with where it stands; the tables apart."""
    places: dict[str, list[str]] = defaultdict(list)
    for module in _modules():
        for node in module.all(ast.Constant):
            text = node.value if isinstance(node.value, str) else ""
            if OURS.match(text) or text in CODE_OF:
                places[text].append(f"{module.name}:{node.lineno}")
    return places


def test_a_code_that_is_given_has_a_row():
    assert [f"{code} ({given()[code][0]})" for code in given() if not explain(code)] == []
    assert len(given()) > 150


def _refusals(kind: type[Refused] = Refused) -> Iterator[type[Refused]]:
    for below in kind.__subclasses__():
        yield below
        yield from _refusals(below)


@cache
def all_refusals() -> tuple[type[Refused], ...]:
    """Every kind of refusal, its module imported."""
    for module in _modules():
        bases = {getattr(base, "id", "") for node in module.all(ast.ClassDef) for base in node.bases}
        if "Refused" in bases:
            import_module(".".join(("plainchant", *module.path.relative_to(PACKAGE).with_suffix("").parts)))
    return tuple(_refusals())


def _caught(module: Source) -> Iterator[ast.expr]:
    """What stands in an `except`, or is given to `suppress`."""
    for handler in module.all(ast.ExceptHandler):
        if handler.type is not None:
            yield handler.type
    for call in module.all(ast.Call):
        if _names([call.func]) & {"suppress"}:
            yield from call.args


def _names(expressions: Iterable[ast.expr]) -> set[str]:
    return {getattr(node, "id", getattr(node, "attr", "")) for part in expressions for node in ast.walk(part)}


def test_nothing_but_one_module_of_the_pages_catches_a_refusal():
    """What a view catches itself it has to translate itself, and the next refusal of the operation is forgotten."""
    kinds = {kind.__name__ for kind in (*all_refusals(), Refused, ReaderFailed)} | {"REFUSALS"}
    catching = set()
    for module in _modules():
        if module.name.startswith("web/") and _names(_caught(module)) & kinds:
            catching.add(module.name.removeprefix("web/"))
    assert catching - MAY_CATCH == {"refusals.py", "routes.py"}
    assert catching >= MAY_CATCH


def test_the_portal_makes_its_findings_from_their_rows():
    """So that one whose code has no row cannot be made, and that its severity is the row's."""
    making = {
        module.name.removeprefix("portal/")
        for module in _modules()
        if module.name.startswith("portal/")
        for node in module.all(ast.Call)
        if getattr(node.func, "id", "") == "Finding"
    }
    assert making == {"lib/errors.py"}


def test_a_row_is_given_somewhere():
    from_the_reader = {ReaderFailed(reason).code for reason in FailureReason}
    computed = {state.code for state in LinkState if state is not LinkState.READY}
    computed |= {LookRefused("", field="logo").code, LookRefused("", field="colour").code}
    assert from_the_reader | computed <= set(CODE_OF)
    assert {row.code for row in CODES if row.about is About.DOCUMENT} == set(get_args(WarningCode))
    assert set(CODE_OF) - set(given()) - from_the_reader - computed == set()


def test_no_id_stands_in_two_tables():
    ids = [rule.upper() for shelf in SHELVES for rule in shelf.rules] + [row.code.upper() for row in CODES]
    assert [code for code, count in Counter(ids).items() if count > 1] == []


def test_a_code_given_in_two_places_has_been_looked_at():
    """One id with two meanings begins as a second place that gives it."""
    twice = set()
    for code, places in given().items():
        of_the_engine = [place for place in places if place.startswith("einvoice/")]  # its tables keep these apart
        if OURS.match(code) and len(places) - len(of_the_engine) + bool(of_the_engine) > 1:
            twice.add(code)
    assert {code: given()[code] for code in twice - GIVEN_TWICE} == {}
    assert GIVEN_TWICE - twice == set()


def test_every_refusal_has_a_row():
    assert {kind.code for kind in all_refusals() if hasattr(kind, "code")} <= set(CODE_OF)


@pytest.mark.parametrize("row", CODES, ids=lambda row: row.code)
def test_a_row_says_what_it_means_and_what_to_do(row: Code):
    for sentence in (row.meaning, row.mend):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert not re.search(r"[{}]| [:;?!]", sentence)
    if row.about in (About.NOTICE, About.REMARK, About.DOCUMENT):
        assert row.http == 200
    else:
        assert 400 <= row.http < 600


def test_a_code_is_explained_in_any_case():
    assert [one.code for one in explain(" cpro-date ")] == ["CPRO-DATE"]
    assert [one.code for one in explain("STATUS_HAS_CHANGED")] == ["status_has_changed"]
    assert explain("CPRO-RIEN") == ()
