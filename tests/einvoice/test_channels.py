"""A verdict names its channel: the same invoice is right for one and wrong for the other."""

from dataclasses import replace
from datetime import date

import pytest

from plainchant.einvoice.channels import CHANNELS, CHORUS, PLATFORM, Coding, channel_for
from plainchant.einvoice.codes import france
from plainchant.einvoice.codes.cadres import CADRES
from plainchant.einvoice.making.composing import Sheet, compose
from plainchant.einvoice.syntaxes.table import SYNTAXES
from plainchant.einvoice.verdict import as_object, check
from tests.einvoice.making.composing.sheets import SHEETS, VISIT
from tests.einvoice.test_broken_files import pdf

AT = date(2026, 11, 28)


def written(coding: Coding, syntax: str = "cii", sheet: Sheet = VISIT) -> bytes:
    return SYNTAXES[syntax].write(compose(sheet, coding=coding))


def test_every_cadre_belongs_to_one_channel():
    assert CHORUS.cadres == {row.code for row in CADRES}
    assert PLATFORM.cadres == france.CADRES
    assert not CHORUS.cadres & PLATFORM.cadres


@pytest.mark.parametrize(
    ("cadre", "is_of_the_reform", "channel"),
    [
        ("A1", False, CHORUS),
        ("A1", True, CHORUS),
        ("S1", False, PLATFORM),
        ("M4", False, PLATFORM),
        (None, False, CHORUS),
        (None, True, PLATFORM),
        ("urn:x", False, CHORUS),
    ],
)
def test_an_invoice_is_written_for_the_channel_of_its_cadre(cadre, is_of_the_reform, channel):
    assert channel_for(cadre=cadre, is_of_the_reform=is_of_the_reform) is channel


@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize("syntax", ["cii", "ubl"])
@pytest.mark.parametrize("channel", CHANNELS, ids=lambda row: row.name)
def test_each_file_of_an_entry_is_accepted_by_its_own_channel(channel, syntax, name):
    verdict = check(written(channel.coding, syntax, SHEETS[name]), at=AT, channel="auto")
    assert verdict.channel is channel
    assert verdict.accepted
    answers = {found.channel.name: found.accepted for found in verdict.channels}
    assert answers == {row.name: row is channel for row in CHANNELS}


def test_the_same_file_is_refused_where_it_was_not_written_for():
    classic, reform = written(Coding.CLASSIC), written(Coding.REFORM)
    assert not check(classic, at=AT, channel="platform").accepted
    assert not check(reform, at=AT, channel="chorus").accepted
    assert check(reform, at=AT, channel="platform").accepted


def test_the_reason_says_by_which_channel_the_file_goes():
    told = as_object(check(written(Coding.REFORM), at=AT))["channels"]
    assert told["platform"] == {"verdict": "accepted", "why": []}
    (why,) = told["chorus"]["why"]
    assert why["rule"] == "CPRO-G1.02-REFORME"
    assert "part par une plateforme agréée" in why["message"]


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda row: row.name)
@pytest.mark.parametrize("data", [b"<a>", b"<a/>", b"a", b"%PDF-1.7\n", b""])
def test_what_cannot_be_read_is_answered_for_the_channel_that_was_asked(data, channel):
    verdict = check(data, at=AT, channel=channel.name)
    assert verdict.channel is channel
    assert not verdict.accepted


def test_what_cannot_be_read_is_refused_by_every_channel():
    verdict = check(b"<a>", at=AT)
    assert [found.accepted for found in verdict.channels] == [False, False]
    assert {finding.rule for found in verdict.channels for finding in found.why} == {"XML-MAL-FORME"}


def reduced(syntax: str) -> bytes:
    return SYNTAXES[syntax].write(replace(compose(VISIT), lines=()), readable=b"%PDF-1.7\n%%EOF")


FORMS = {
    **{syntax.name: reduced(syntax.name) for syntax in SYNTAXES.values() if syntax.is_reduced},
    "cii-minimal in a PDF": pdf("factur-x.xml", xml=reduced("cii-minimal")),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_reduced_form_is_for_chorus_pro_alone(form):
    verdict = check(form, at=AT)
    answers = {found.channel.name.value: found for found in verdict.channels}
    assert verdict.accepted
    assert answers["chorus"].accepted
    assert [finding.rule for finding in answers["platform"].why] == ["CANAL-FORME-REDUITE"]
    assert not check(form, at=AT, channel="platform").accepted


def test_the_reform_samples_are_accepted_by_a_platform_and_are_no_chorus_coding(shared):
    verdicts = {
        path.name: check(path.read_bytes(), at=AT, channel="auto")
        for path in sorted((shared / "corpora/open-facturx/gobl-ubl").rglob("*.xml"))
    }
    assert len(verdicts) >= 8
    for name, verdict in verdicts.items():
        broken = any(finding.severity == "fatal" for finding in verdict.layer("fr").findings)
        assert verdict.channel is PLATFORM, name
        assert verdict.accepted is not broken, name
        assert not verdict.channels[0].accepted, name
