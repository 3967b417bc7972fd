"""`plainchant check` and its kin, as a program would call them."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from lxml import etree

from plainchant.cli import main
from plainchant.einvoice.channels import Coding
from plainchant.einvoice.making.composing import compose
from plainchant.einvoice.profiles import PROFILE_OF
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.cii_minimal.write import write as write_cii_minimal
from plainchant.einvoice.syntaxes.facturx.embed import embed
from plainchant.einvoice.syntaxes.table import SYNTAXES
from plainchant.einvoice.syntaxes.ubl.write import write as write_ubl
from tests.einvoice.making.composing.sheets import VISIT
from tests.einvoice.rules import smallest_chorus as smallest
from tests.making import an_invoice_pdf

BROKEN = b"<a><b></a>"
GOOD = write_ubl(smallest.valid())
LAYERS = ["wellformed", "schema", "chorus", "en16931", "fr", "cpro"]


def run(*arguments: str):
    return CliRunner().invoke(main, list(arguments))


def test_one_json_object_a_line_and_a_file(tmp_path):
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).write_bytes(BROKEN)
    result = run("check", "--json", str(tmp_path))
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [row["verdict"] for row in rows] == ["refused", "refused"]
    assert [layer["name"] for layer in rows[0]["layers"]] == ["wellformed", "schema", "chorus", "en16931", "fr", "cpro"]
    assert rows[0]["layers"][0]["findings"][0]["rule"] == "XML-MAL-FORME"


def test_the_object_of_a_file_has_the_agreed_shape(tmp_path):
    (tmp_path / "a.xml").write_bytes(GOOD.replace(b">F2026-001<", b">F-2026-trop-long-pour-eux<"))
    (told,) = map(json.loads, run("check", "--json", str(tmp_path)).stdout.splitlines())
    assert {"file", "verdict", "layers"} <= told.keys()
    assert told["verdict"] == "refused"
    assert [layer["name"] for layer in told["layers"]] == LAYERS
    for layer in told["layers"]:
        assert {"name", "status", "findings"} <= layer.keys()
        assert layer["status"] in ("valid", "invalid", "skipped")
        assert layer["status"] != "skipped" or layer["why"]
        for finding in layer["findings"]:
            assert {"rule", "severity", "terms", "path", "value", "message"} <= finding.keys()
    (finding,) = told["layers"][2]["findings"]
    assert finding["rule"] == "CPRO-G1.05-LONGUEUR"
    assert finding["severity"] == "fatal"
    assert finding["terms"] == ["BT-1"]
    assert finding["path"] == "/ubl:Invoice/cbc:ID"
    assert finding["value"] == "F-2026-trop-long-pour-eux"
    assert finding["message"].endswith("Raccourcissez-le, sur la facture aussi.")


def test_what_keeps_a_pdf_from_being_archivable_is_told(tmp_path):
    data = SYNTAXES["cii"].write(smallest.valid())
    made = embed(an_invoice_pdf(), data, profile=PROFILE_OF["EN 16931"], at=datetime(2026, 11, 3, tzinfo=UTC))
    (tmp_path / "a.pdf").write_bytes(made)
    (told,) = map(json.loads, run("check", "--json", str(tmp_path)).stdout.splitlines())
    assert told["verdict"] == "accepted"
    assert "PDFA-PARTIE" in {finding["rule"] for finding in told["layers"][1]["findings"]}


def test_a_row_a_file_with_every_layer_and_below_it_what_to_mend(tmp_path):
    (tmp_path / "a.xml").write_bytes(BROKEN)
    (tmp_path / "b.xml").write_bytes(GOOD)
    result = run("check", str(tmp_path))
    head, first, channels, why, second, *last = result.stdout.splitlines()
    columns = ["lisible", "format", "Chorus Pro", "EN 16931", "BR-FR", "CPRO", "fichier"]
    assert [name for name in columns if name in head] == columns
    assert first.startswith("refusée")
    assert first.endswith("a.xml")
    assert channels.strip().replace("\u00a0", " ") == "par Chorus Pro : refusée · par une plateforme agréée : refusée"
    assert "[XML-MAL-FORME]" in why
    assert second.startswith("acceptée")
    assert second.index("oui") == head.index("lisible") == first.index("non")
    assert last[-1] == "2 fichiers : 1 serait accepté, 1 refusé."
    assert result.exit_code == 1


def test_a_name_that_is_no_text_stops_nothing(tmp_path):
    (tmp_path / os.fsdecode(b"a\xff.xml")).write_bytes(BROKEN)
    for options in ((), ("--json",)):
        result = run("check", *options, str(tmp_path))
        assert result.exit_code == 1
        assert "a�.xml" in result.stdout


def test_what_is_neither_file_nor_folder_and_what_cannot_be_written_is_said(tmp_path):
    (tmp_path / "a.xml").write_bytes(GOOD)
    os.mkfifo(tmp_path / "pipe")
    assert "ni un fichier ni un dossier" in run("check", str(tmp_path / "pipe")).output
    assert "n’existe pas" in run("check", str(tmp_path / "a.xml"), "--junit", str(tmp_path / "no/r.xml")).output
    for command in (("convert", "--to", "cii"), ("draw",)):
        result = run(*command, str(tmp_path / "a.xml"), "-o", str(tmp_path / "no/made"))
        assert result.exit_code == 1
        assert "n’a pas pu être écrit" in result.output
    assert run("check", "--max-mb", "0", str(tmp_path)).exit_code == 2


def test_59_of_the_60_official_samples_are_accepted_and_the_other_is_told_why(shared):
    folder = shared / "corpora/aife"
    samples = [*folder.glob("aife-fso1116a-cii/*_P*.xml"), *folder.glob("aife-fso1117a-facturx/*.pdf")]
    result = run("check", "--json", *map(str, samples))
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(rows) == 60
    (refused,) = (row for row in rows if row["verdict"] == "refused")
    assert refused["file"].endswith("FSO1116A_P01.xml")
    (schema,) = (layer for layer in refused["layers"] if layer["name"] == "schema")
    assert [finding["rule"] for finding in schema["findings"]] == ["XSD"]
    assert "ApplicableHeaderTradeDelivery" in schema["findings"][0]["message"]


REFORM = write_cii(compose(VISIT, coding=Coding.REFORM))
REDUCED = write_cii_minimal(replace(compose(VISIT), lines=()), readable=b"%PDF-1.7\n%%EOF")


@pytest.mark.parametrize(
    ("data", "options", "failing", "skipped", "noted"),
    [
        (GOOD, (), [], [], ["fr", "cpro"]),
        (BROKEN, (), ["wellformed"], LAYERS[1:], []),
        (REFORM, (), [], [], ["chorus"]),
        (REFORM, ("--channel", "chorus"), ["chorus"], [], []),
        (REDUCED, (), [], LAYERS[3:], []),
        (REDUCED, ("--channel", "platform"), ["channel"], LAYERS[3:], []),
    ],
)
def test_junit_fails_what_makes_the_exit_code_and_no_more(tmp_path, data, options, failing, skipped, noted):
    (tmp_path / "a.xml").write_bytes(data)
    report = tmp_path / "report.xml"
    result = run("check", str(tmp_path / "a.xml"), "--date", "2026-11-28", "--junit", str(report), *options)
    (suite,) = etree.parse(report).getroot()
    cases = {case.get("name"): {child.tag for child in case} for case in suite}
    assert list(cases) == [*LAYERS, "channel"]
    for tag, names in (("failure", failing), ("skipped", skipped), ("system-out", noted)):
        assert [name for name in cases if tag in cases[name]] == names
    counts = {name: int(suite.get(name)) for name in ("tests", "failures", "skipped")}
    assert counts == {"tests": 7, "failures": len(failing), "skipped": len(skipped)}
    assert result.exit_code == bool(failing)


def test_a_channel_that_takes_no_such_files_says_so_below_the_row(tmp_path):
    (tmp_path / "a.xml").write_bytes(REDUCED)
    result = run("check", str(tmp_path / "a.xml"), "--channel", "platform")
    assert result.exit_code == 1
    assert "n’existe que dans Chorus Pro" in result.stdout
    assert "[CANAL-FORME-REDUITE]" in result.stdout


def test_nothing_to_check_is_an_error_of_its_own(tmp_path):
    assert run("check", str(tmp_path)).exit_code == 2
    assert run("check", str(tmp_path / "absent.xml")).exit_code == 2


def test_a_rule_is_explained_in_any_case():
    result = run("explain", "br-co-15")
    assert result.exit_code == 0
    assert "TTC" in result.output
    assert "Factures concernées" in result.output
    assert run("explain", "BR-XX-99").exit_code == 1


@pytest.mark.parametrize(
    "rule",
    [
        *("XSD", "FX-ABSENT", "PDFA-COULEUR", "XML-DTD", "CPRO-G1.05", "PLC-IBAN", "UBL-CR-001"),
        *("CPRO-TVA-ABSENTE", "AUTEUR-PLANCHER", "CPI-L131-3"),
        *(
            "SAISIE-COMPTE",
            "ANNUAIRE-SERVICE-ABSENT",
            "TABLEAU-TVA",
            "IRR_TYPE_F",
            "status_has_changed",
            "file_password",
        ),
    ],
)
def test_every_kind_of_id_that_is_printed_is_explained(rule):
    result = run("explain", rule)
    assert result.exit_code == 0
    assert "{" not in result.output


def test_a_code_of_the_portal_is_told_with_what_to_do_and_its_status():
    output = run("explain", "NOT_THE_MANAGER").output
    assert output.startswith("not_the_manager")
    assert "Demandez-le au gestionnaire." in output
    assert "HTTP 403" in output


def test_a_code_that_nobody_knows_is_answered_with_those_that_look_like_it():
    output = run("explain", "CPRO-TVA-ABSANTE").output
    assert "n’est pas un code connu" in output
    assert "CPRO-TVA-ABSENTE" in output


def test_the_number_of_an_official_rule_tells_all_it_stands_for():
    output = run("explain", "BR-FR-05").output
    assert all(f"BR-FR-05_BT-22_{code}" in output for code in ("AAB", "PMD", "PMT"))
    assert "La norme elle-même la dit non vérifiable" in run("explain", "BR-FR-CPRO-16").output


@pytest.mark.parametrize("channel", ["chorus", "platform"])
def test_a_file_that_cannot_be_opened_is_answered_for_the_channel_that_was_asked(tmp_path, channel):
    (tmp_path / "lot.zip").write_bytes(b"PK\x03\x04 cut")
    (told,) = map(json.loads, run("check", "--json", "--channel", channel, str(tmp_path)).stdout.splitlines())
    assert (told["channel"], told["verdict"]) == (channel, "refused")


def test_a_sarif_log_names_each_file_rule_and_line(tmp_path):
    (tmp_path / "é 1.xml").write_bytes(GOOD.replace(b">F2026-001<", b">F-2026-trop-long-pour-eux<"))
    (tmp_path / "bon.xml").write_bytes(GOOD)
    result = run("check", "--format", "sarif", str(tmp_path))
    assert result.exit_code == 1
    log = json.loads(result.stdout)
    (done,) = log["runs"]
    assert log["version"] == "2.1.0"
    rules = [rule["id"] for rule in done["tool"]["driver"]["rules"]]
    errors = [row for row in done["results"] if row["level"] == "error"]
    assert [row["ruleId"] for row in errors] == ["CPRO-G1.05-LONGUEUR"]
    assert all(rules[row["ruleIndex"]] == row["ruleId"] for row in done["results"])
    place = errors[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].endswith("/%C3%A9%201.xml")
    assert place["region"]["startLine"] >= 1
    assert all(row["message"]["text"] for row in done["results"])


def test_a_sarif_log_of_an_archive_points_at_the_archive(tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "lot.zip", "w") as lot:
        lot.writestr("a.xml", BROKEN)
    (done,) = json.loads(run("check", "--format", "sarif", str(tmp_path / "lot.zip")).stdout)["runs"]
    place = done["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].endswith("lot.zip")
    assert "region" not in place
    assert "a.xml" in done["results"][0]["message"]["text"]
