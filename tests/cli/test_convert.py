"""`plainchant convert` and `draw`: what is written, and what is said of it beside."""

import json
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner

from plainchant.cli import main
from plainchant.einvoice.channels import Coding
from plainchant.einvoice.making.composing import compose
from plainchant.einvoice.model import Invoice
from plainchant.einvoice.syntaxes.table import SYNTAXES
from plainchant.einvoice.verdict import check
from tests.einvoice.making.composing.sheets import VISIT
from tests.einvoice.rules import smallest_chorus as smallest


def run(*arguments: str):
    return CliRunner().invoke(main, list(arguments))


def converted(folder, invoice: Invoice, target: str, *, source: str = "cii"):
    """The result of the command on a file of this invoice, and the file that it wrote."""
    file, made = folder / "invoice.xml", folder / f"made-{target}"
    file.write_bytes(SYNTAXES[source].write(invoice, readable=b"%PDF-1.7\n%%EOF"))
    return run("convert", str(file), "--to", target, "-o", str(made)), made


def test_what_is_converted_can_be_read_back(tmp_path, shared):
    source = shared / "corpora/aife/aife-fso1116a-cii/FSO1116A_P02.xml"
    for target, ending in (("ubl", "xml"), ("cii", "xml"), ("facturx", "pdf"), ("pivot", "xml")):
        made = tmp_path / f"{target}.{ending}"
        assert run("convert", str(source), "--to", target, "-o", str(made)).exit_code == 0, target
        assert made.stat().st_size > 1000
    # The sample has a gross price alone, which UBL cannot do with, and a department, for which it has no place.
    told = run("convert", str(source), "--to", "ubl", "-o", str(tmp_path / "again.xml")).stderr.replace("\u00a0", " ")
    assert "Ajouté : Un prix brut était donné sans sa remise" in told
    assert "Non repris : Acheteur, contact, service" in told
    again = json.loads(run("check", "--json", str(tmp_path / "facturx.pdf")).stdout)
    assert again["verdict"] == "accepted"


@pytest.mark.parametrize("target", [row.name for row in SYNTAXES.values() if row.is_reduced])
def test_an_invoice_without_lines_goes_from_one_reduced_form_to_another(tmp_path, target):
    result, made = converted(tmp_path, replace(compose(VISIT), lines=()), target, source="mixed")
    assert result.exit_code == 0, result.output
    assert check(made.read_bytes(), at=VISIT.issue_date).accepted
    assert "Ajouté" not in result.stderr


def test_an_invoice_without_a_date_gives_the_same_file_on_any_day(tmp_path):
    _, made = converted(tmp_path, replace(compose(VISIT), issue_date=None), "facturx")
    assert b"2000-01-01T00:00:00" in made.read_bytes()


def test_a_profile_that_is_not_followed_is_told(tmp_path):
    """What nothing in the invoice says is not invented; Chorus Pro takes the file all the same."""
    (line,) = compose(VISIT).lines
    result, made = converted(tmp_path, replace(compose(VISIT), lines=(replace(line, item=None),)), "facturx")
    assert "Attention : le profil n’est pas suivi. L’élément SpecifiedLineTradeAgreement" in result.stderr
    assert result.exit_code == 0
    assert check(made.read_bytes(), at=VISIT.issue_date).accepted
    assert "profil" not in converted(tmp_path, compose(VISIT), "facturx")[0].stderr


@pytest.mark.parametrize("coding", Coding)
@pytest.mark.parametrize("target", ["ubl", "cii"])
def test_nothing_is_foretold_of_a_file_that_its_channel_takes(tmp_path, target, coding):
    result, made = converted(tmp_path, compose(VISIT, coding=coding), target)
    assert "Serait refusé" not in result.stderr
    assert check(made.read_bytes(), at=VISIT.issue_date, channel="auto").accepted


@pytest.mark.parametrize(
    ("invoice", "target", "refusal"),
    [
        (smallest.valid(number="F" * 21), "ubl", "par Chorus Pro"),
        (replace(compose(VISIT, coding=Coding.REFORM), notes=()), "ubl", "par une plateforme agréée"),
        (compose(VISIT, coding=Coding.REFORM), "ubl-minimal", "par une plateforme agréée"),
    ],
)
def test_what_refuses_the_file_is_foretold_for_its_channel_alone(tmp_path, invoice, target, refusal):
    result, made = converted(tmp_path, invoice, target)
    verdict = check(made.read_bytes(), at=invoice.issue_date or date.min, channel="auto")
    assert not verdict.accepted
    foretold = [line for line in result.stderr.splitlines() if line.startswith("Serait refusé")]
    assert foretold == [f"Serait refusé {refusal} : {finding.message}" for finding in verdict.own.why]
    assert result.exit_code == 0
