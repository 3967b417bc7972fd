"""Import a directory file, good or hostile."""

from __future__ import annotations

import gzip
import json
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from plainchant.portal.directory.imports import opening
from plainchant.portal.directory.imports.csv_form import write_csv
from plainchant.portal.directory.imports.file import ImportReport, import_file
from plainchant.portal.directory.imports.opening import UnreadableFile
from plainchant.portal.directory.imports.records import BODY_COLUMNS, SERVICE_COLUMNS
from plainchant.portal.directory.queries import bodies_among, body, search
from plainchant.portal.structures.models import Service, Structure, StructureNature
from tests.making import a_structure, a_town
from tests.spellings import spellings

pytestmark = pytest.mark.django_db

HEADER = (
    "Identifiant;RaisonSociale;CategoriePayeur;CodePostal;Ville;"
    "codeServiceDoitEtreRenseigne;gestionNumeroEJOuCodeService"
)
TOWN = "12345678200028;Commune de Valbrume;LOCAL;99120;Valbrume;N;O"
MUSEUM = "12345678200036;Musée des Faïences;LOCAL;99210;Pierrefeuille;O;N"
SERVICES = (
    "Identifiant;RaisonSociale;Code;Nom;GestionEGMT;ServiceActif;Adresse;ComplementAdresse1;ComplementAdresse2;"
    "CodePostal;Ville;NumTelephone;Courriel;CodePays;LibellePays"
)
CULTURE = "12345678200028;Commune de Valbrume;CULTURE;Service culture;1;1;;;;99120;Valbrume;;;FR;France"


class Importer:
    def __init__(self, folder: Path, at: datetime) -> None:
        self.folder, self.at = folder, at

    def __call__(self, content: str | bytes, *, is_complete: bool = False) -> ImportReport:
        path = self.folder / "annuaire"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return import_file(path=path, at=self.at, is_complete=is_complete)


@pytest.fixture
def imported(tmp_path: Path, at: datetime) -> Importer:
    return Importer(tmp_path, at)


def lines(*texts: str) -> str:
    return "\r\n".join(texts) + "\r\n"


# -- files refused as a whole ---------------------------------------------------------------------------------


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"\xff\xfeI\x00d\x00", "UTF-16"),
        (b"\x00\x01\x02\x03", "pas un texte"),
        ("Nom;Ville\r\nValbrume;99\r\n", "Identifiant, RaisonSociale"),
        ("Identifiant;Code\r\n1;2\r\n", "Nom"),
        ("Identifiant;RaisonSociale;Ville;Ville\r\n", "deux fois"),
        (b"a" * 200_000, "64 ko"),
        (b"\x1f\x8b\x08\x00broken", "abîmé"),
        (b"PK\x03\x04broken", "abîmée"),
        ("<Factures/>", "Annuaire"),
        ("<!DOCTYPE Annuaire [<!ENTITY a 'b'>]><Annuaire/>", "DOCTYPE"),
        ("<?xml version='1.0'?><!-- <Annuaire> --><!DOCTYPE x SYSTEM 'http://x/'><Annuaire/>", "DOCTYPE"),
        ("<!-- nothing but words -->", "DOCTYPE"),
    ],
)
def test_a_file_that_is_not_a_directory_is_refused_with_a_sentence(
    content: str | bytes, said: str, imported: Importer
) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        imported(content)
    assert said in refusal.value.sentence
    assert not Structure.objects.exists()


@pytest.mark.one_database
def test_a_missing_file_is_refused_with_a_sentence(tmp_path: Path, at: datetime) -> None:
    with pytest.raises(UnreadableFile, match="ne s’ouvre pas"):
        import_file(path=tmp_path / "absent.csv", at=at)


@pytest.mark.one_database
def test_entities_hidden_by_an_encoding_are_not_opened(imported: Importer) -> None:
    hidden = "<?xml version='1.0' encoding='UTF-7'?>+ADwAIQ-DOCTYPE Annuaire +AFs-]+AD4-<Annuaire/>"
    with pytest.raises(UnreadableFile, match=r"Annuaire|DOCTYPE"):
        imported(hidden)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("names", "said"), [(["a.csv", "b.csv"], "2 fichiers"), (["[Content_Types].xml", "xl/a.xml"], "classeur")]
)
def test_an_archive_of_several_files_is_refused(names: list[str], said: str, tmp_path: Path, at: datetime) -> None:
    path = tmp_path / "annuaire.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, lines(HEADER, TOWN))
    with pytest.raises(UnreadableFile, match=said):
        import_file(path=path, at=at)


@pytest.mark.one_database
def test_a_file_that_never_ends_once_unpacked_is_stopped_and_says_so(
    imported: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "MOST_BYTES", 100_000)
    report = imported(gzip.compress((lines(HEADER, TOWN) + "\n" * 10_000_000).encode()))
    assert report.created == 1
    assert [(remark.line, "décompressé" in remark.sentence) for remark in report.refused] == [(0, True)]


# -- lines refused, the others kept ---------------------------------------------------------------------------


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("123;Commune;LOCAL;99;V;N;N", "14 chiffres"),
        ("2,15904E+13;Commune;LOCAL;99;V;N;N", "tableur"),
        ("12345678200044;;LOCAL;99;V;N;N", "RaisonSociale"),
        (f"12345678200044;{'x' * 202};LOCAL;99;V;N;N", "201 au plus"),
        ("12345678200044;Commune;MARS;99;V;N;N", "CategoriePayeur"),
        ("12345678200044;Commune;LOCAL;99;V;peut-être;N", "O ou N"),
        ("12345678200044;Commune;LOCAL;99", "4 colonnes, l’en-tête 7"),
        ("12345678200044;Commune;LOCAL;99;V;N;N;trop", "8 colonnes"),
        ("12345678200044;Com\0mune;LOCAL;99;V;N;N", "nul"),
        (f"12345678200044;{'y' * 70_000};LOCAL;99;V;N;N", "64 ko"),
        ('12345678200044;"Commune;LOCAL;99;V;N;N', "guillemet"),
    ],
)
def test_a_bad_line_is_reported_with_its_number_and_stops_none_of_the_others(
    bad: str, said: str, imported: Importer
) -> None:
    report = imported(lines(HEADER, TOWN, bad, MUSEUM))
    assert [(remark.line, said in remark.sentence) for remark in report.refused] == [(3, True)], report.refused
    assert report.refused_count == 1
    assert report.created == 2


def test_everything_wrong_with_a_line_is_said_at_once(imported: Importer) -> None:
    report = imported(lines(HEADER, "123;;MARS;99;V;N;N"))
    assert len(report.refused) == 3


def test_the_services_of_an_unknown_body_are_refused(imported: Importer) -> None:
    report = imported(lines(SERVICES, CULTURE))
    assert report.refused[0].line == 2
    assert "structures" in report.refused[0].sentence


def test_xml_that_breaks_off_keeps_what_came_before(imported: Importer) -> None:
    report = imported(
        "<Annuaire><Structure><Identifiant>12345678200028</Identifiant><RaisonSociale>Commune</RaisonSociale>"
        "</Structure>\n<Structure><Ident"
    )
    assert report.created == 1
    assert "bien formé" in report.refused[0].sentence


def test_remarks_are_counted_beyond_those_kept(imported: Importer) -> None:
    report = imported(lines(HEADER, *(["1;2;3"] * 1_500)))
    assert (len(report.refused), report.refused_count) == (1_000, 1_500)


# -- good files -----------------------------------------------------------------------------------------------


def test_a_file_of_structures_is_recorded_and_found(imported: Importer) -> None:
    report = imported(lines(HEADER, TOWN, MUSEUM))
    assert (report.created, report.updated, report.unchanged, report.refused) == (2, 0, 0, [])
    town = Structure.objects.get(identifier="12345678200028")
    assert (town.nature, town.payer_category) == (StructureNature.PUBLIC, "LOCAL")
    assert (town.requires_service, town.requires_service_or_commitment, town.is_active) == (False, True, True)
    assert search(text="musee faiences").results[0].identifier == "12345678200036"


def test_a_file_of_services_is_recorded(imported: Importer) -> None:
    imported(lines(HEADER, TOWN))
    report = imported(lines(SERVICES, CULTURE, CULTURE.replace("CULTURE;S", "ECOLES;S").replace("1;1;", "0;0;")))
    assert report.created == 2
    culture, ecoles = Service.objects.order_by("code")
    assert (culture.requires_commitment, culture.is_active) == (True, True)
    assert (ecoles.requires_commitment, ecoles.is_active) == (False, False)


def test_a_changed_line_updates_its_service_and_no_other(imported: Importer) -> None:
    imported(lines(HEADER, TOWN))
    schools = CULTURE.replace("CULTURE;S", "ECOLES;S")
    imported(lines(SERVICES, CULTURE, schools))
    before = {service.code: service.pk for service in Service.objects.all()}
    report = imported(lines(SERVICES, CULTURE.replace("1;1;", "0;1;"), schools))
    assert (report.created, report.updated, report.unchanged) == (0, 1, 1)
    culture, ecoles = Service.objects.order_by("code")
    assert (culture.requires_commitment, ecoles.requires_commitment) == (False, True)
    assert {"CULTURE": culture.pk, "ECOLES": ecoles.pk} == before


def test_the_same_file_again_changes_nothing(imported: Importer) -> None:
    imported(lines(HEADER, TOWN, MUSEUM))
    before = list(Structure.objects.order_by("pk").values())
    report = imported(lines(HEADER, TOWN, MUSEUM))
    assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
    assert list(Structure.objects.order_by("pk").values()) == before


def test_a_changed_line_updates_its_body_and_the_search(imported: Importer) -> None:
    imported(lines(HEADER, TOWN, MUSEUM))
    uid = Structure.objects.get(identifier="12345678200028").uid
    report = imported(lines(HEADER, TOWN.replace("Valbrume;LOCAL", "Hautelune;LOCAL"), MUSEUM))
    assert (report.created, report.updated, report.unchanged) == (0, 1, 1)
    assert Structure.objects.get(identifier="12345678200028").uid == uid
    assert search(text="hautelune").total == 1


def test_an_absent_column_leaves_what_is_known(imported: Importer) -> None:
    imported(lines(HEADER, TOWN))
    imported(lines("Identifiant;RaisonSociale", "12345678200028;Commune de Valbrume-la-Neuve"))
    town = Structure.objects.get()
    assert (town.city, town.requires_service_or_commitment) == ("Valbrume", True)


def test_of_two_lines_for_one_body_the_last_counts(imported: Importer) -> None:
    report = imported(lines(HEADER, TOWN, TOWN.replace("Valbrume;LOCAL", "Hautelune;LOCAL")))
    assert report.created == 1
    assert Structure.objects.get().name == "Commune de Hautelune"


def test_a_supplier_that_is_in_the_directory_becomes_a_public_body(imported: Importer, at: datetime) -> None:
    Structure.objects.create(
        nature=StructureNature.PRIVATE, identifier="12345678200028", name="Régie", email="a@b.example", created_at=at
    )
    imported(lines(HEADER, TOWN))
    structure = Structure.objects.get()
    # What whoever registered it had written goes: a notice sent there would start a legal delay.
    assert (structure.nature, structure.email) == (StructureNature.PUBLIC, "")


@pytest.mark.one_database
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1"])
def test_every_usual_encoding_keeps_its_accents(encoding: str, imported: Importer) -> None:
    imported(lines(HEADER, MUSEUM).encode(encoding))
    assert Structure.objects.get().name == "Musée des Faïences"


@pytest.mark.one_database
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_separator_is_read_from_the_first_line(delimiter: str, imported: Importer) -> None:
    assert imported(lines(HEADER, TOWN).replace(";", delimiter)).created == 1


def test_a_cell_in_quotes_may_run_over_a_line(imported: Importer) -> None:
    report = imported(lines(HEADER, TOWN.replace("Commune de Valbrume", '"Commune; dite\r\n""de Valbrume"""'), MUSEUM))
    assert report.created == 2
    assert Structure.objects.get(identifier="12345678200028").name == 'Commune; dite\r\n"de Valbrume"'


def test_empty_lines_and_empty_last_cells_are_nothing(imported: Importer) -> None:
    report = imported(lines(HEADER, "", TOWN + ";;", ";;;;;;"))
    assert (report.created, report.refused_count) == (1, 0)


def test_a_wrong_key_is_a_warning_never_a_wall(imported: Importer) -> None:
    report = imported(lines(HEADER, TOWN.replace("12345678200028", "12345678200029")))
    assert report.created == 1
    assert report.refused == []
    assert report.warnings[0].line == 2


def test_a_siret_is_read_however_it_is_written(imported: Importer) -> None:
    for text in spellings("12345678200028"):
        report = imported(lines(HEADER, TOWN.replace("12345678200028", text)))
        assert (report.refused, report.created + report.unchanged) == ([], 1), text
    assert Structure.objects.get().identifier == "12345678200028"


def test_gzip_and_zip_of_one_file_are_unpacked(imported: Importer, tmp_path: Path, at: datetime) -> None:
    assert imported(gzip.compress(lines(HEADER, TOWN).encode())).created == 1
    path = tmp_path / "annuaire.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("annuaire.csv", lines(HEADER, MUSEUM))
    assert import_file(path=path, at=at).created == 1


def test_xml_gives_bodies_and_services_together(imported: Importer) -> None:
    report = imported(
        """<?xml version="1.0" encoding="UTF-8"?>
<!-- weekly -->
<Annuaire>
  <Structure>
    <Identifiant>12345678200028</Identifiant><RaisonSociale>Commune d’Œuvre &amp; Cie</RaisonSociale>
    <Ville>Valbrume</Ville><numeroEJDoitEtreRenseigne>true</numeroEJDoitEtreRenseigne>
    <Services>
      <Service><Code>CULTURE</Code><Nom>Culture</Nom><DateFinService>2050-12-31</DateFinService></Service>
      <Service><Code></Code><Nom>Sans code</Nom></Service>
    </Services>
  </Structure>
  <Structure><Identifiant>12345678200036</Identifiant><RaisonSociale>Musée</RaisonSociale></Structure>
</Annuaire>"""
    )
    assert report.created == 3
    assert [remark.line for remark in report.refused] == [9]
    town = Structure.objects.get(identifier="12345678200028")
    assert (town.name, town.requires_commitment) == ("Commune d’Œuvre & Cie", True)
    assert town.services.get().valid_until == date(2050, 12, 31)


def test_a_complete_file_deactivates_the_bodies_it_leaves_out(imported: Importer) -> None:
    imported(lines(HEADER, TOWN, MUSEUM))
    report = imported(lines(HEADER, TOWN), is_complete=True)
    assert report.deactivated == 1
    assert not Structure.objects.get(identifier="12345678200036").is_active
    assert [body.is_active for body in search(text="musee").results] == [False]


def test_a_complete_file_leaves_alone_whom_it_cannot_name(imported: Importer, at: datetime) -> None:
    imported(lines(HEADER, TOWN, MUSEUM))
    a_town(at=at, is_active=False)
    others = [
        a_town(at=at, identifier_type="RIDET", identifier="0123456789"),
        a_structure(at=at, identifier="12345678200044"),
    ]
    assert imported(lines(HEADER, TOWN), is_complete=True).deactivated == 1
    for other in others:
        other.refresh_from_db()
        assert other.is_active


def test_another_identifier_with_the_same_digits_is_another_body(imported: Importer, at: datetime) -> None:
    ridet = a_town(at=at, name="Commune du Lagon", identifier_type="RIDET", identifier=TOWN[:14])
    assert imported(lines(SERVICES, CULTURE)).refused
    assert imported(lines(HEADER, TOWN)).created == 1
    assert not imported(lines(SERVICES, CULTURE)).refused
    ridet.refresh_from_db()
    assert (ridet.name, ridet.services.count()) == ("Commune du Lagon", 0)
    found = body(siret=TOWN[:14])
    assert found is not None
    assert found.services.count() == 1
    a_town(at=at, identifier_type="RIDET", identifier=MUSEUM[:14])
    assert bodies_among([TOWN[:14], MUSEUM[:14]]) == {TOWN[:14]}
    assert bodies_among([MUSEUM[:14]]) == set()


def test_services_are_those_of_public_bodies(imported: Importer, at: datetime) -> None:
    firm = a_structure(at=at, identifier=TOWN[:14])
    assert imported(lines(SERVICES, CULTURE)).refused
    assert firm.services.count() == 0


def test_a_complete_file_with_a_bad_line_deactivates_nobody(imported: Importer) -> None:
    imported(lines(HEADER, TOWN, MUSEUM))
    report = imported(lines(HEADER, TOWN, "123;;;;;;"), is_complete=True)
    assert report.deactivated == 0
    assert Structure.objects.get(identifier="12345678200036").is_active


def test_what_is_written_is_read_back(tmp_path: Path, at: datetime) -> None:
    from plainchant.demo.directory import demo_directory

    bodies = demo_directory().bodies
    path = tmp_path / "annuaire.csv"
    with path.open("w", encoding="utf-8", newline="") as target:
        write_csv(bodies, target)
    report = import_file(path=path, at=at)
    assert (report.created, report.refused_count) == (len(bodies), 0)
    assert import_file(path=path, at=at).unchanged == len(bodies)


# -- the command ----------------------------------------------------------------------------------------------


def test_the_command_ends_with_2_when_nothing_can_be_read_and_with_1_when_a_line_was_refused(tmp_path: Path) -> None:
    from plainchant.cli.directory import directory

    path = tmp_path / "annuaire.csv"
    run = CliRunner().invoke
    assert run(directory, ["import", str(path)]).exit_code == 2
    path.write_text(lines(HEADER, TOWN, "123;;;;;;"), encoding="utf-8")
    answer = run(directory, ["import", str(path)])
    assert answer.exit_code == 1
    assert "ligne 3" in answer.output
    path.write_text(lines(HEADER, TOWN), encoding="utf-8")
    answer = run(directory, ["import", "--json", str(path)])
    assert answer.exit_code == 0
    assert json.loads(answer.output)["unchanged"] == 1


def test_the_command_generates_a_file_that_can_be_imported(tmp_path: Path) -> None:
    from plainchant.cli.directory import directory

    path = tmp_path / "annuaire.csv"
    assert CliRunner().invoke(directory, ["generate", "50", str(path)]).exit_code == 0
    assert CliRunner().invoke(directory, ["import", str(path)]).exit_code == 0
    assert Structure.objects.count() == 50
    assert CliRunner().invoke(directory, ["reindex"]).output.startswith("50 ")


@pytest.mark.one_database
def test_every_column_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "directory.md").read_text(encoding="utf-8")
    for column in [*BODY_COLUMNS, *SERVICE_COLUMNS]:
        assert f"`{column.name}`" in page, column.name
