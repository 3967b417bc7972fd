"""Find a public body as people type it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection, transaction

from plainchant.portal.directory import operations
from plainchant.portal.directory.models import Entry, Revision, Word
from plainchant.portal.directory.queries import SearchPage, search
from plainchant.portal.directory.search import vocabulary
from plainchant.portal.structures.models import Structure, StructureNature
from tests.making import a_structure
from tests.spellings import spellings

pytestmark = pytest.mark.django_db

Add = Callable[..., Structure]

BODIES = [
    ("11111111100001", "Mairie de Valbrume-sur-Orée", "Valbrume-sur-Orée", "99120"),
    ("11111111100002", "École élémentaire de Valbrume-sur-Orée", "Valbrume-sur-Orée", "99120"),
    ("22222222200001", "Commune de Saint-Étienne-le-Vieux", "Saint-Étienne-le-Vieux", "99130"),
    ("33333333300001", "Commune de L’Isle-aux-Plumes", "L’Isle-aux-Plumes", "99140"),
    ("44444444400001", "Centre hospitalier de Sainte-Œuvre", "Sainte-Œuvre", "99150"),
    ("55555555500001", "Musée des Faïences", "Pierrefeuille", "99210"),
    ("66666666600001", "Ville de Montcendre", "Montcendre", "99220"),
]


@pytest.fixture
def add(at: datetime) -> Add:
    def add(identifier: str, name: str, city: str, postcode: str = "99000", **fields: object) -> Structure:
        structure = Structure.objects.create(
            nature=StructureNature.PUBLIC,
            identifier=identifier,
            name=name,
            city=city,
            postcode=postcode,
            created_at=at,
            **fields,  # type: ignore[misc]
        )
        operations.refresh(structures=[structure])
        return structure

    return add


@pytest.fixture
def bodies(add: Add) -> dict[str, Structure]:
    return {identifier: add(identifier, name, city, postcode) for identifier, name, city, postcode in BODIES}


def names(page: SearchPage) -> list[str]:
    return [structure.name for structure in page.results]


def first(text: str) -> str:
    page = search(text=text)
    assert page.results, f"nothing for {text!r}"
    return page.results[0].name


@pytest.mark.parametrize(
    "text", ["", "   ", "'", "« »", "–", "\x00", "#", "#=", '"', "*", "OR", "NOT AND", "a:b", "'&|!("]
)
def test_signs_that_mean_something_to_a_database_find_nothing_and_break_nothing(
    text: str, bodies: dict[str, Structure]
) -> None:
    search(text=text)


def test_what_resembles_nothing_finds_nothing(bodies: dict[str, Structure]) -> None:
    page = search(text="zzyzx qwertz")
    assert (page.results, page.total, page.corrected) == ([], 0, None)


def test_an_empty_directory_finds_nothing() -> None:
    assert search(text="valbrume").total == 0


def test_a_very_long_text_is_cut(bodies: dict[str, Structure]) -> None:
    assert search(text="valbrume " * 10_000).total == 2


def test_private_structures_are_not_found(bodies: dict[str, Structure], at: datetime) -> None:
    private = Structure.objects.create(
        nature=StructureNature.PRIVATE, identifier="77777777700001", name="Atelier Valbrume", created_at=at
    )
    operations.refresh(structures=[private])
    assert "Atelier Valbrume" not in names(search(text="valbrume"))
    assert search(text="77777777700001").total == 0


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("valbrume", "Mairie de Valbrume-sur-Orée"),
        ("VALBRUME SUR OREE", "Mairie de Valbrume-sur-Orée"),
        ("valb", "Mairie de Valbrume-sur-Orée"),
        ("ecole valbrume", "École élémentaire de Valbrume-sur-Orée"),
        ("commune de valbrume", "Mairie de Valbrume-sur-Orée"),
        ("st etienne", "Commune de Saint-Étienne-le-Vieux"),
        ("SAINT-ETIENNE", "Commune de Saint-Étienne-le-Vieux"),
        ("mairie st-étienne", "Commune de Saint-Étienne-le-Vieux"),
        ("l'isle aux plumes", "Commune de L’Isle-aux-Plumes"),
        ("lisle aux plumes", "Commune de L’Isle-aux-Plumes"),
        ("ste oeuvre", "Centre hospitalier de Sainte-Œuvre"),
        ("hopital sainte œuvre", "Centre hospitalier de Sainte-Œuvre"),
        ("musee pierrefeuille", "Musée des Faïences"),
        ("pierrefeuille 99210", "Musée des Faïences"),
        ("99210", "Musée des Faïences"),
        ("9921", "Musée des Faïences"),
        ("mairie montcendre", "Ville de Montcendre"),
    ],
)
def test_a_body_is_found_however_it_is_written(text: str, name: str, bodies: dict[str, Structure]) -> None:
    assert first(text) == name


@pytest.mark.parametrize(
    ("text", "name", "corrected"),
    [
        ("valbrmue", "Mairie de Valbrume-sur-Orée", "valbrume"),
        ("mairie vlabrume", "Mairie de Valbrume-sur-Orée", "mairie valbrume"),
        ("muse pierefeuille", "Musée des Faïences", "musée pierrefeuille"),
        ("montcandre", "Ville de Montcendre", "montcendre"),
        ("mont cendre", "Ville de Montcendre", "montcendre"),
        ("saintetienne", "Commune de Saint-Étienne-le-Vieux", "saint étienne"),
        ("pierrefeiul", "Musée des Faïences", "pierrefeuille"),
        ("musee pierrefeuille 75001", "Musée des Faïences", "musée pierrefeuille"),
        ("valbrume zzyzx", "Mairie de Valbrume-sur-Orée", "valbrume"),
    ],
)
def test_a_slip_is_mended_and_said(text: str, name: str, corrected: str, bodies: dict[str, Structure]) -> None:
    page = search(text=text)
    assert names(page)[:1] == [name]
    assert page.corrected == corrected


def test_what_was_typed_well_is_not_corrected(bodies: dict[str, Structure]) -> None:
    assert search(text="valbrume").corrected is None


@pytest.mark.parametrize("text", ["11111111100001", *spellings("11111111100001"), "Valbrume 11111111100001"])
def test_a_siret_finds_its_body(text: str, bodies: dict[str, Structure]) -> None:
    assert names(search(text=text)) == ["Mairie de Valbrume-sur-Orée"]


def test_a_siren_finds_every_establishment(bodies: dict[str, Structure]) -> None:
    page = search(text="111 111 111")
    assert {body.identifier for body in page.results} == {"11111111100001", "11111111100002"}
    assert page.corrected is None


def test_an_unknown_establishment_leads_to_the_others_of_the_same_body(bodies: dict[str, Structure]) -> None:
    page = search(text="11111111199999")
    assert page.total == 2
    assert page.corrected == "111111111"


def test_a_siret_with_one_wrong_digit_or_two_exchanged_leads_to_the_right_one(bodies: dict[str, Structure]) -> None:
    for text in ("55555955500001", "55555555050001"):
        page = search(text=text)
        assert names(page) == ["Musée des Faïences"]
        assert page.corrected == ""


def test_inactive_bodies_are_found_last(add: Add) -> None:
    add("88888888800001", "Commune de Brumelle", "Brumelle", is_active=False)
    add("88888888800002", "École de Brumelle-le-Haut", "Brumelle-le-Haut")
    page = search(text="brumelle")
    assert [body.is_active for body in page.results] == [True, False]


def test_pages_follow_each_other_without_repeating(add: Add) -> None:
    for number in range(25):
        add(f"999999999{number:05d}", f"École numéro {number}", "Vaucendre")
    pages = [search(text="ecole vaucendre", limit=10, offset=offset) for offset in (0, 10, 20)]
    seen = [body.pk for page in pages for body in page.results]
    assert len(seen) == len(set(seen)) == 25
    assert [page.has_more for page in pages] == [True, True, False]
    first = search(text="ecole vaucendre")
    assert (len(first.results), first.has_more) == (20, True)
    assert {page.total for page in pages} == {25}


def test_very_common_words_are_answered_with_a_sample_and_say_so(
    add: Add, bodies: dict[str, Structure], monkeypatch: pytest.MonkeyPatch
) -> None:
    from plainchant.portal.directory.search import finding

    monkeypatch.setattr(finding, "MOST_FOUND", 20)
    monkeypatch.setattr(finding, "ENOUGH", 1)
    for number in range(200):
        add(f"999999999{number:05d}", f"École numéro {number}", "Montcendre")
    page = search(text="montcendre")
    assert names(page)[0] == "Ville de Montcendre", "the body named so is found although it is not of the sample"
    assert not page.is_total_exact


LIBRARIES = [
    ("Médiathèque de Luisance", "Luisance"),
    ("Médiathèque Jeanne-Plume", "Hélicendre"),
    ("Bibliothèque de Tarelle", "Tarelle"),
    ("Commune de Vernelle", "Vernelle"),
    ("École élémentaire de Vernelle", "Vernelle"),
    ("École élémentaire de Vernelle-les-Bois", "Vernelle-les-Bois"),
    ("Collège de Verdelle", "Verdelle"),
    ("Bibliothèque de Verdelle", "Verdelle"),
    ("Commune de Saint-Ormond-en-Val", "Saint-Ormond-en-Val"),
    ("Commune de Saint-Ormond", "Saint-Ormond"),
    ("Bibliothèque Saint-Ormond", "Luisance"),
    ("Médiathèque du Vieux-Lavoir", "Saint-Ormond"),
    ("CCAS de Tarelle", "Tarelle"),
]


@pytest.fixture
def libraries(add: Add) -> dict[str, Structure]:
    return {
        name: add(f"1313131310{number:04d}", name, city, f"99{300 + number}")
        for number, (name, city) in enumerate(LIBRARIES)
    }


@pytest.mark.parametrize(
    ("text", "names_found"),
    [
        ("bibliothèque de Vernelle", ["Commune de Vernelle", "École élémentaire de Vernelle"]),
        ("bibliotheque municipale vernelle", ["Commune de Vernelle", "École élémentaire de Vernelle"]),
        ("médiathèque Jean Moulin de Vernelle", ["Commune de Vernelle", "École élémentaire de Vernelle"]),
        ("bibliothèque de Luisance", ["Médiathèque de Luisance", "Bibliothèque Saint-Ormond"]),
        ("hôtel de ville de Vernelle", ["Commune de Vernelle"]),
        ("mairie st ormond", ["Commune de Saint-Ormond", "Commune de Saint-Ormond-en-Val"]),
        ("bibliothèque Saint Ormond", ["Médiathèque du Vieux-Lavoir", "Bibliothèque Saint-Ormond"]),
        ("centre communal d’action sociale de tarelle", ["CCAS de Tarelle"]),
    ],
)
def test_the_town_that_was_typed_is_kept(text: str, names_found: list[str], libraries: dict[str, Structure]) -> None:
    assert names(search(text=text))[: len(names_found)] == names_found


def test_a_town_that_the_directory_has_not_lists_no_library_of_another(libraries: dict[str, Structure]) -> None:
    page = search(text="bibliothèque de Névéria")
    assert (page.results, page.unknown) == ([], "névéria")


def test_of_equals_those_invoiced_before_come_first(add: Add, monkeypatch: pytest.MonkeyPatch) -> None:
    from plainchant.portal.directory.search import finding

    twins = [add(f"1414141410{number:04d}", "Commune de Noirépine", "Noirépine") for number in range(30)]
    assert search(text="noirepine", known=[twins[20].pk]).results[0] == twins[20]
    monkeypatch.setattr(finding, "MOST_FOUND", 3)
    assert search(text="noirepine", known=[twins[20].pk]).results[0] == twins[20], "though it is not among those read"
    assert search(text="valbrume", known=[twins[20].pk]).total == 0


def test_a_changed_sheet_is_found_under_its_new_name_only(bodies: dict[str, Structure]) -> None:
    body = bodies["55555555500001"]
    Structure.objects.filter(pk=body.pk).update(name="Musée des Horloges")
    body.refresh_from_db()
    operations.refresh(structures=[body])
    assert first("horloges") == "Musée des Horloges"
    assert search(text="faiences").total == 0
    assert not Word.objects.filter(word="faiences").exists()


def test_a_deleted_body_is_no_longer_found(bodies: dict[str, Structure]) -> None:
    bodies["55555555500001"].delete()
    assert search(text="horloges").total == 0
    assert search(text="faiences").total == 0


def test_a_process_learns_of_new_words_written_by_another(bodies: dict[str, Structure], at: datetime) -> None:
    search(text="valbrume")
    before = vocabulary.current().stamp
    body = Structure.objects.create(
        nature=StructureNature.PUBLIC, identifier="12121212100001", name="Port d’Hélicendre", created_at=at
    )
    operations.refresh(structures=[body])
    assert vocabulary.current().stamp != before
    assert search(text="helicendr").results == [body]
    assert search(text="helicendre").results == [body]


def test_a_rolled_back_change_leaves_no_words_behind(bodies: dict[str, Structure], at: datetime) -> None:
    with transaction.atomic():
        body = Structure.objects.create(
            nature=StructureNature.PUBLIC, identifier="12121212100001", name="Port d’Hélicendre", created_at=at
        )
        operations.refresh(structures=[body])
        assert search(text="helicendre").total == 1
        transaction.set_rollback(True)
    assert "helicendre" not in vocabulary.current().bodies
    assert search(text="helicendre").total == 0


def test_rebuilding_gives_the_same_index_of_public_bodies(bodies: dict[str, Structure], at: datetime) -> None:
    a_structure(at=at, name="Valbrume Conseil")
    entries = list(Entry.objects.order_by("pk").values_list())
    counted = set(Word.objects.values_list("word", "bodies", "places"))
    Entry.objects.all().delete()
    assert operations.rebuild() == len(bodies)
    assert list(Entry.objects.order_by("pk").values_list()) == entries
    assert set(Word.objects.values_list("word", "bodies", "places")) == counted
    assert first("valbrume") == "Mairie de Valbrume-sur-Orée"


def test_the_sqlite_index_agrees_with_its_table(bodies: dict[str, Structure]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL generates its column itself")
    body = bodies["55555555500001"]
    body.name = "Musée des Horloges"
    operations.refresh(structures=[body])
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO directory_entry_fts(directory_entry_fts, rank) VALUES ('integrity-check', 1)")


def test_a_search_asks_the_database_a_handful_of_times(
    bodies: dict[str, Structure], django_assert_max_num_queries: Callable[..., object]
) -> None:
    search(text="valbrume")
    with django_assert_max_num_queries(3):  # type: ignore[attr-defined]
        search(text="valbrume")


def test_there_is_one_revision_row(bodies: dict[str, Structure]) -> None:
    assert Revision.objects.count() == 1
