"""What Insee says of a SIRET fills in the first form: from an imported extract, else from a company search."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from plainchant.portal.directory import sirene
from plainchant.portal.directory.imports.opening import UnreadableFile
from plainchant.portal.directory.imports.sirene_file import import_sirene
from plainchant.portal.directory.models import Establishment
from plainchant.portal.directory.sirene import EstablishmentIdentity, identity_of
from tests.making import a_person

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

SIRET = "73282932000074"
HEAD = (
    "siren,nic,siret,statutDiffusionEtablissement,complementAdresseEtablissement,numeroVoieEtablissement,"
    "indiceRepetitionEtablissement,typeVoieEtablissement,libelleVoieEtablissement,codePostalEtablissement,"
    "libelleCommuneEtablissement,etatAdministratifEtablissement,enseigne1Etablissement,denominationUniteLegale,"
    "nomUniteLegale,prenom1UniteLegale\n"
)
FILE = HEAD + (
    f'732829320,00074,{SIRET},O,"BAT A, ESC. 2",12,B,RUE,DU PORT,29000,QUIMPER,A,,POTERIE DU PONT,,\n'
    "902100015,00012,90210001500012,O,,3,,PL,DE L'ETANG,31000,TOULOUSE,A,,,RIVET,CAMILLE\n"
    "902100015,00020,90210001500020,P,[ND],[ND],,[ND],[ND],[ND],AUCH,A,,[ND],[ND],[ND]\n"
    "902100016,00018,90210001600018,O,,,,,LE BOURG,46000,CAHORS,F,CHEZ ZOE,,,\n"
    "1,2,12,O,,,,,,,LYON,A,,,,\n"
)


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "etablissements.csv.gz"
    path.write_bytes(gzip.compress(FILE.encode()))
    return path


def test_a_file_of_something_else_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "autre.csv"
    path.write_text("Identifiant;RaisonSociale\n1;2\n")
    with pytest.raises(UnreadableFile, match="StockEtablissement"):
        import_sirene(path=path)


def test_an_extract_is_kept_and_the_same_one_again_changes_nothing(extract: Path) -> None:
    for _ in range(2):
        report = import_sirene(path=extract)
        assert (report.kept, report.refused_count, report.refused[0].line) == (4, 1, 6)
        assert Establishment.objects.count() == 4
    assert identity_of(siret=SIRET) == EstablishmentIdentity(
        name="POTERIE DU PONT",
        address_line="12B RUE DU PORT",
        address_extra_1="BAT A, ESC. 2",
        postcode="29000",
        city="QUIMPER",
    )
    named = {row.siret[-5:]: row.name for row in Establishment.objects.all()}
    assert named["00012"] == "CAMILLE RIVET"
    assert named["00018"] == "CHEZ ZOE"
    assert identity_of(siret="90210001500020") == EstablishmentIdentity(is_masked=True)
    assert identity_of(siret="90210001600012") is None


def test_batches_hold_no_more_than_they_should(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plainchant.portal.directory.imports.sirene_file.BATCH", 3)
    path = tmp_path / "lot.csv"
    lines = (f"9,9,{90_000_000_000_000 + n},O,,1,,RUE,X,75001,PARIS,A,,N {n},,\n" for n in range(8))
    path.write_text(HEAD + "".join(lines))
    seen: list[int] = []
    assert import_sirene(path=path, progress=lambda report: seen.append(report.kept)).kept == 8
    assert seen == [3, 6]


def row(**fields: object) -> dict[str, object]:
    return {
        "siret": SIRET,
        "adresse": "12 RUE DU PORT 29000 QUIMPER",
        "code_postal": "29000",
        "libelle_commune": "QUIMPER",
        "etat_administratif": "A",
        "statut_diffusion_etablissement": "O",
        **fields,
    }


class Answers(BaseHTTPRequestHandler):
    """A company search that answers what the test wants; ``asked`` keeps what it was asked."""

    status, content, location = 200, b"{}", ""
    asked: list[str] = []

    def do_GET(self) -> None:
        type(self).asked.append(parse_qs(urlsplit(self.path).query).get("q", [""])[0])
        self.send_response(self.status)
        if self.location:
            self.send_header("Location", self.location)
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def search(settings: pytest.FixtureRequest) -> Iterator[type[Answers]]:
    handler = type("TheseAnswers", (Answers,), {"asked": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.COMPANY_SEARCH_URL = f"http://127.0.0.1:{server.server_port}/search"
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


def answering(search: type[Answers], *rows: dict[str, object], **company: object) -> None:
    found = {"nom_raison_sociale": "POTERIE DU PONT", "matching_etablissements": list(rows), **company}
    search.content = json.dumps({"results": [found]}).encode()


def test_without_an_address_nobody_is_asked() -> None:
    assert identity_of(siret=SIRET) is None


def test_the_company_search_is_asked_what_no_extract_has(search: type[Answers]) -> None:
    answering(search, row(siret="73282932000082"), row())
    identity = identity_of(siret=SIRET)
    assert identity == EstablishmentIdentity(
        name="POTERIE DU PONT", address_line="12 RUE DU PORT", postcode="29000", city="QUIMPER"
    )
    assert search.asked == [SIRET]
    Establishment.objects.create(siret=SIRET, name="DE L'EXTRAIT", city="QUIMPER")
    known = identity_of(siret=SIRET)
    assert known is not None
    assert known.name == "DE L'EXTRAIT"
    assert search.asked == [SIRET]


def test_what_insee_does_not_publish_is_not_shown(search: type[Answers]) -> None:
    answering(search, row(statut_diffusion_etablissement="P", adresse="[ND]"))
    assert identity_of(siret=SIRET) == EstablishmentIdentity(is_masked=True)


@pytest.mark.parametrize(
    ("status", "content"),
    [(500, b""), (404, b""), (200, b"<html>"), (200, b"[]"), (200, b'{"results": [1]}'), (200, b"\xff"), (429, b"{}")],
)
def test_an_answer_that_is_none_fills_in_nothing(search: type[Answers], status: int, content: bytes) -> None:
    search.status, search.content = status, content
    assert identity_of(siret=SIRET) is None


def test_a_redirection_is_not_followed(search: type[Answers]) -> None:
    search.status, search.location = 302, "/search?q=elsewhere"
    assert identity_of(siret=SIRET) is None
    assert search.asked == [SIRET]


def test_an_endless_answer_is_left(search: type[Answers], monkeypatch: pytest.MonkeyPatch) -> None:
    answering(search, row(), nom_complet="x" * 5_000)
    monkeypatch.setattr(sirene, "_MOST_BYTES", 1_000)
    assert identity_of(siret=SIRET) is None


def test_nobody_at_that_address_is_no_error(settings: pytest.FixtureRequest) -> None:
    settings.COMPANY_SEARCH_URL = "http://127.0.0.1:9/search"
    assert identity_of(siret=SIRET) is None


def test_the_form_is_filled_in_and_says_what_is_hidden_or_closed(extract: Path, at: datetime) -> None:
    import_sirene(path=extract)
    client = Client()
    client.force_login(a_person(at=at))
    form = client.get(f"/structures/ajouter/{SIRET}/").context["form"]
    shown = {name: form[name].value() for name in ("name", "address_line", "address_extra_1", "postcode", "city")}
    assert shown["name"] == "POTERIE DU PONT"
    assert (shown["address_line"], shown["postcode"], shown["city"]) == ("12B RUE DU PORT", "29000", "QUIMPER")
    masked = client.get("/structures/ajouter/90210001500020/")
    assert masked.context["form"]["name"].value() in (None, "")
    assert "ne publie ni" in masked.content.decode()
    closed = client.get("/structures/ajouter/90210001600018/").content.decode()
    assert "Cet établissement est fermé" in closed
