"""`plainchant deposit`: a file, a folder, a table; what became of each; what it ends with."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from plainchant.cli import main
from plainchant.portal.flows.models import Flow, Packaging, State
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.time import now
from plainchant.portal.structures.models import Structure
from tests.making import a_member, a_structure, a_town, mandated
from tests.portal.flows.making_flows import archive, invoice
from tests.portal.flows.tables import a_row, a_table

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller():
    return a_structure(at=now())


@pytest.fixture
def user(seller):
    return a_member(structure=seller, at=now())


@pytest.fixture
def parties(seller):
    return {"seller": seller.identifier, "buyer": a_town(at=now()).identifier}


def run(user, *arguments: object):
    result = CliRunner().invoke(main, ["deposit", "--json", "--as", user.email, *map(str, arguments)])
    return result, [json.loads(line) for line in result.stdout.splitlines()]


def test_an_empty_file_and_what_is_no_invoice_are_told_with_their_codes(user, tmp_path):
    (tmp_path / "vide.xml").touch()
    (tmp_path / "autre.txt").write_text("bonjour")
    result, rows = run(user, tmp_path / "vide.xml", tmp_path / "autre.txt")
    assert result.exit_code == 1
    assert [(row["result"], row["code"]) for row in rows] == [("refused", "IRR_VIDE_F"), ("refused", "IRR_TYPE_F")]


@pytest.mark.parametrize("to", [[], ["--as", "ada@example.org"]])
def test_a_file_that_is_not_there_stops_all_before_anything_is_handed_in(to, tmp_path):
    (tmp_path / "ici.xml").write_text("<a/>")
    result = CliRunner().invoke(main, ["deposit", *to, str(tmp_path / "ici.xml"), str(tmp_path / "absent.xml")])
    assert result.exit_code == 1
    assert "absent.xml n’a pas pu être ouvert : il n’existe pas." in result.output
    assert not Flow.objects.exists()


def test_a_folder_is_one_flow(user, parties, tmp_path):
    folder = tmp_path / "novembre"
    (folder / "deeper").mkdir(parents=True)
    (folder / ".hidden").write_text("x")
    for number in range(3):
        (folder / f"{number}.xml").write_bytes(invoice(f"F-{number}", **parties))
    result, rows = run(user, folder)
    assert result.exit_code == 0, result.output
    assert [row["result"] for row in rows] == ["accepted"] * 3
    flow = Flow.objects.get()
    assert (flow.name, flow.packaging, flow.state) == ("novembre", Packaging.FOLDER, State.INTEGRATED)
    assert rows[0]["file"].endswith("novembre!0.xml")


def test_an_empty_folder_is_told(user, tmp_path):
    (tmp_path / "rien").mkdir()
    result, rows = run(user, tmp_path / "rien")
    assert (result.exit_code, rows[0]["code"]) == (1, "IRR_VIDE_F")


def test_a_table_and_an_archive(user, parties, tmp_path):
    mandated(Structure.objects.get(identifier=parties["seller"]), by=user, at=now())
    (tmp_path / "tableau.xlsx").write_bytes(a_table([a_row("F-1", **parties), a_row("F-2", **parties, price=None)]))
    (tmp_path / "lot.tar.gz").write_bytes(archive({"a.xml": invoice("F-3", **parties)}))
    result, rows = run(user, tmp_path / "tableau.xlsx", tmp_path / "lot.tar.gz")
    assert result.exit_code == 1
    assert [(row["number"], row["result"]) for row in rows] == [
        ("F-1", "accepted"),
        ("F-2", "refused"),
        ("F-3", "accepted"),
    ]
    assert Invoice.objects.count() == 2


def test_a_declared_syntax_that_differs_is_a_notice_and_no_failure(user, parties, tmp_path):
    (tmp_path / "f.xml").write_bytes(invoice("F-1", **parties))
    result, rows = run(user, "--syntax", "IN_DP_E2_CII_FACTURX", tmp_path / "f.xml")
    assert result.exit_code == 0
    assert [(row["result"], row.get("code")) for row in rows] == [
        ("notice", "FLUX-SYNTAXE-ANNONCEE"),
        ("accepted", None),
    ]


def test_an_antivirus_that_is_away_is_told(user, parties, tmp_path, settings):
    settings.CLAMD = str(tmp_path / "nobody.sock")
    (tmp_path / "f.xml").write_bytes(invoice("F-1", **parties))
    result, rows = run(user, tmp_path / "f.xml")
    assert (result.exit_code, rows[0]["code"]) == (1, "ANTIVIRUS_INDISPONIBLE")
    assert not Flow.objects.exists()
