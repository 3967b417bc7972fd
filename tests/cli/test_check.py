"""`plainchant check` and its kin, as a program would call them."""

import json

from click.testing import CliRunner

from plainchant.cli import main

BROKEN = b"<a><b></a>"


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


def test_official_samples_are_accepted_but_one(shared):
    result = run("check", "--json", str(shared / "corpora/aife/aife-fso1116a-cii"))
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    refused = [row["file"].rpartition("/")[2] for row in rows if row["verdict"] == "refused" and row["kind"] != "PDF"]
    assert refused == ["FSO1116A_P01.xml"]


def test_junit_has_a_case_for_each_layer(tmp_path):
    (tmp_path / "a.xml").write_bytes(BROKEN)
    report = tmp_path / "report.xml"
    run("check", str(tmp_path / "a.xml"), "--junit", str(report))
    assert report.read_text().count("<testcase") == 6


def test_nothing_to_check_is_an_error_of_its_own(tmp_path):
    assert run("check", str(tmp_path)).exit_code == 2
    assert run("check", str(tmp_path / "absent.xml")).exit_code == 2


def test_a_rule_is_explained_in_any_case():
    result = run("explain", "br-co-15")
    assert result.exit_code == 0
    assert "TTC" in result.output
    assert run("explain", "BR-XX-99").exit_code == 1


def test_what_is_converted_can_be_read_back(tmp_path, shared):
    source = shared / "corpora/aife/aife-fso1116a-cii/FSO1116A_P02.xml"
    for target, ending in (("ubl", "xml"), ("cii", "xml"), ("facturx", "pdf"), ("pivot", "xml")):
        made = tmp_path / f"{target}.{ending}"
        assert run("convert", str(source), "--to", target, "-o", str(made)).exit_code == 0, target
        assert made.stat().st_size > 1000
    again = json.loads(run("check", "--json", str(tmp_path / "facturx.pdf")).stdout)
    assert again["verdict"] == "accepted"
