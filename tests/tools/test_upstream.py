"""`make upstream`: which rules a published file adds, drops and changes, and what it ends with."""

from __future__ import annotations

import json
import socket
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from plainchant.einvoice.rules import en16931, france
from plainchant.einvoice.rules.extended_table import NEVER_FAILS, NUMBERS
from tools import upstream

RULES = {"BR-01": ("/a", "b", "fatal"), "BR-02": ("/a", "c = 'd'", "fatal"), "BR-03": ("/a/e", "f", "warning")}
UBL = upstream.SOURCES[0]


def schematron(rules: dict[str, tuple[str, str, str]], version: str = "1.3.16") -> bytes:
    rows = "".join(
        f'<rule context="{context}"><assert id="{number}" flag="{flag}" test="{test}">No matter.</assert></rule>'
        for number, (context, test, flag) in rules.items()
    )
    return (
        f"<!--Schematron version {version} - Last update: 2026-10-12-->"
        f'<schema xmlns="http://purl.oclc.org/dsdl/schematron"><pattern>{rows}</pattern></schema>'
    ).encode()


def compiled(rules: dict[str, tuple[str, str, str]]) -> bytes:
    """As the usual compiler writes it: the number and the flag as attributes, the test spaced otherwise."""
    rows = "".join(
        f'<xsl:template match="{context}"><xsl:choose><xsl:when test=" {test} "/><xsl:otherwise>'
        f'<svrl:failed-assert test="{test}"><xsl:attribute name="id">{number}</xsl:attribute>'
        f'<xsl:attribute name="flag">{flag}</xsl:attribute></svrl:failed-assert></xsl:otherwise></xsl:choose>'
        "</xsl:template>"
        for number, (context, test, flag) in rules.items()
    )
    names = 'xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:svrl="http://purl.oclc.org/dsdl/svrl"'
    return f"<xsl:stylesheet {names}>{rows}</xsl:stylesheet>".encode()


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ours, as of the three rules."""
    monkeypatch.setattr(upstream, "KEPT", tmp_path / "kept.tsv")
    place = tmp_path / "had"
    place.mkdir()
    (place / "EN16931-UBL-validation-preprocessed.sch").write_bytes(schematron(RULES))
    assert upstream.main(["--keep", str(place)]) == 0


@pytest.fixture
def published(tmp_path: Path) -> Path:
    place = tmp_path / "published"
    place.mkdir()
    return place


def test_a_schematron_and_what_it_is_compiled_to_say_the_same() -> None:
    assert upstream.assertions(schematron(RULES)) == upstream.assertions(compiled(RULES))


@pytest.mark.parametrize("change", [("/b", "b", "fatal"), ("/a", "b and g", "fatal"), ("/a", "b", "warning")])
def test_a_rule_is_changed_by_its_context_its_test_or_its_flag(change: tuple[str, str, str]) -> None:
    had, has = (upstream.assertions(schematron(rules)) for rules in (RULES, RULES | {"BR-01": change}))
    assert {number for number in had if had[number] != has[number]} == {"BR-01"}


@pytest.mark.usefixtures("kept")
def test_a_newer_release_names_its_rules_and_where_ours_are(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = RULES | {"BR-02": ("/a", "c = 'x'", "fatal"), "BR-CO-25": ("/a", "b", "fatal")}
    del rules["BR-03"]
    with zipfile.ZipFile(published / "en16931-ubl-1.3.17.zip", "w") as archive:
        archive.writestr("schematron/EN16931-UBL-validation-preprocessed.sch", schematron(rules, "1.3.17"))
    assert upstream.main(["--from", str(published)]) == 1
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("EN 16931, UBL: here 1.3.16, published 1.3.17: differs")
    assert lines[at + 1 : at + 4] == ["  added (1): BR-CO-25", "  gone (1): BR-03", "  changed (1): BR-02"]
    assert "rules/en16931_table.py" in lines[at + 4]


@pytest.mark.usefixtures("kept")
def test_of_several_versions_the_newest_is_compared_and_an_older_one_is_nothing_new(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for version, rules in (("1.3.15", RULES | {"BR-09": ("/a", "b", "fatal")}), ("1.3.16", RULES)):
        (published / version).mkdir()
        file = published / version / "EN16931-UBL-validation-preprocessed.sch"
        file.write_bytes(schematron(rules, version))
    upstream.main(["--from", str(published)])
    assert "EN 16931, UBL: here 1.3.16, published 1.3.16: nothing new" in capsys.readouterr().out
    file.unlink()
    upstream.main(["--from", str(published)])
    assert "EN 16931, UBL: here 1.3.16, published 1.3.15: nothing new" in capsys.readouterr().out


@pytest.mark.usefixtures("kept")
def test_what_is_not_there_is_named_and_ends_with_two(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (published / "EN16931-UBL-validation-preprocessed.sch").write_bytes(schematron(RULES))
    assert upstream.main(["--from", str(published)]) == 2
    out = capsys.readouterr().out
    assert out.count("not reached") == len(upstream.SOURCES) - 1
    assert "EN 16931, UBL: here 1.3.16, published 1.3.16: nothing new" in out


def test_a_file_without_rules_is_refused() -> None:
    with pytest.raises(ValueError, match="no assertion"):
        upstream.assertions(schematron({}))


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A server that answers as GitHub does, with release 1.3.17."""
    archive = tmp_path / "release.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr(
            "EN16931-UBL-validation-preprocessed.sch", schematron(RULES | {"BR-99": ("/a", "b", "fatal")}, "1.3.17")
        )
    answers = {
        f"/{UBL.releases}/latest": json.dumps({"tag_name": "validation-1.3.17"}).encode(),
        "/validation-1.3.17/en16931-ubl-1.3.17.zip": archive.read_bytes(),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = answers.get(self.path)
            self.send_response(200 if body else 404)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    here = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setattr(upstream, "_GITHUB", here + "/{}/latest")
    source = replace(UBL, at=here + "/{tag}/en16931-ubl-{version}.zip")
    monkeypatch.setattr(upstream, "SOURCES", (source, replace(source, name="EN 16931, CII", at=here + "/none.zip")))
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.usefixtures("kept", "publisher")
def test_a_publisher_is_asked_over_the_network(capsys: pytest.CaptureFixture[str]) -> None:
    assert upstream.main([]) == 1
    out = capsys.readouterr().out
    assert "EN 16931, UBL: here 1.3.16, published 1.3.17: differs\n  added (1): BR-99\n" in out
    # A release whose file is not where it was is still newer.
    assert "EN 16931, CII: here 1.3.16, published 1.3.17: differs\n  what changed is to be read at http" in out


@pytest.mark.usefixtures("kept")
def test_a_publisher_that_does_not_answer_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setattr(upstream, "_GITHUB", f"http://127.0.0.1:{port}/{{}}")
    monkeypatch.setattr(upstream, "SOURCES", (UBL,))
    assert upstream.main([]) == 2
    assert f"EN 16931, UBL: here 1.3.16; not reached (http://127.0.0.1:{port}/" in capsys.readouterr().out


def test_the_digests_we_keep_are_of_the_files_beside_the_project(shared: Path) -> None:
    ours = upstream.kept()
    for source in upstream.SOURCES[:2]:
        published = upstream.from_files(source, shared / "corpora/en16931")
        assert (published.version, published.rules) == (source.version, ours[source.name])


def test_the_versions_of_the_table_are_those_of_our_books_and_every_rule_of_theirs_is_kept() -> None:
    books = {"EN 16931": en16931.BOOK.version, "BR-FR": france.BOOK.version}
    for source in upstream.SOURCES:
        assert source.version == books.get(source.name.split(",")[0], source.version)
    kept = upstream.kept()
    for (profile, syntax), numbers in NUMBERS.items():
        if profile == "EXTENDED-CTC-FR":
            own = set(numbers.values()) - {"BR-FXEXT-04"}  # which has no number in one of the files
            assert own | (NEVER_FAILS if syntax == "cii" else set()) <= kept[f"{profile}, {syntax.upper()}"].keys()
