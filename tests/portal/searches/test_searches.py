"""What a person keeps of their searches: a score, under names of their own, which nobody else reads or changes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from plainchant.portal.accounts.departures import close
from plainchant.portal.personal_data import erase, export
from plainchant.portal.rights.actor import SYSTEM, Actor
from plainchant.portal.rights.permissions import NotAllowed
from plainchant.portal.searches.models import SavedSearch
from plainchant.portal.searches.operations import MOST, SearchNotKept, keep, remove, rename
from plainchant.portal.searches.queries import searches_of
from tests.making import a_person

pytestmark = pytest.mark.django_db
ISSUED, RECEIVED = SavedSearch.Listing.ISSUED, SavedSearch.Listing.RECEIVED


def names(actor: Actor) -> list[tuple[str, str]]:
    return [(search.name, search.query) for search in searches_of(actor=actor)]


def test_a_search_is_kept_renamed_and_kept_no_longer_by_its_owner_alone(at: datetime) -> None:
    ada, other = Actor(a_person(at=at)), Actor(a_person(at=at))
    late = keep(listing=ISSUED, name="  En   retard ", query="retard=on", actor=ada, at=at)
    keep(listing=RECEIVED, name="En retard", query="retard=on&tri=montant", actor=ada, at=at)
    assert names(ada) == [("En retard", "retard=on"), ("En retard", "retard=on&tri=montant")]
    keep(listing=ISSUED, name="En retard", query="q=x", actor=ada, at=at)  # the same name takes its place
    assert names(ada)[0] == ("En retard", "q=x")
    rename(search=late, name="Autre", actor=other)
    remove(search=late, actor=other)
    assert names(other) == []
    rename(search=late, name="À relancer", actor=ada)
    keep(listing=ISSUED, name="Deux", query="q=y", actor=ada, at=at)
    with pytest.raises(SearchNotKept, match="déjà"):
        rename(search=late, name="Deux", actor=ada)
    remove(search=late, actor=ada)
    assert [name for name, _ in names(ada)] == ["Deux", "En retard"]


@pytest.mark.parametrize(
    ("name", "query", "why"), [(" ", "q=x", "nom"), ("x", "", "Cherchez"), ("x", "q=" + "x" * 2_000, "Cherchez")]
)
def test_a_search_without_name_or_sense_is_not_kept(name: str, query: str, why: str, at: datetime) -> None:
    with pytest.raises(SearchNotKept, match=why):
        keep(listing=ISSUED, name=name, query=query, actor=Actor(a_person(at=at)), at=at)
    with pytest.raises(NotAllowed):
        keep(listing=ISSUED, name="x", query="q=x", actor=SYSTEM, at=at)


def test_there_are_so_many_and_no_more(at: datetime) -> None:
    ada = Actor(a_person(at=at))
    for number in range(MOST):
        keep(listing=ISSUED, name=f"n° {number}", query="q=x", actor=ada, at=at)
    keep(listing=ISSUED, name="n° 1", query="q=y", actor=ada, at=at)
    for listing, name in ((RECEIVED, "n° 1"), (ISSUED, "Une autre")):
        with pytest.raises(SearchNotKept, match=str(MOST)):
            keep(listing=listing, name=name, query="q=y", actor=ada, at=at)


def test_a_new_name_is_one_that_no_other_of_the_same_list_has(at: datetime) -> None:
    ada = Actor(a_person(at=at))
    first = keep(listing=ISSUED, name="Une", query="q=1", actor=ada, at=at)
    keep(listing=ISSUED, name="Deux", query="q=2", actor=ada, at=at)
    keep(listing=RECEIVED, name="Trois", query="q=3", actor=ada, at=at)
    rename(search=first, name="Une", actor=ada)
    rename(search=first, name="Trois", actor=ada)
    assert sorted(names(ada)) == [("Deux", "q=2"), ("Trois", "q=1"), ("Trois", "q=3")]


def test_they_are_handed_to_their_owner_and_erased_with_the_account(at: datetime) -> None:
    ada = a_person(at=at)
    keep(listing=ISSUED, name="Été", query="q=x", actor=Actor(ada), at=at)
    assert "Été" in "".join(export(user=ada))
    close(user=ada, at=at, erase=True)
    assert erase(before=at + timedelta(days=1), at=at + timedelta(days=40)) == 1
    assert not SavedSearch.objects.exists()


def test_whoever_has_no_account_renames_and_removes_none(at: datetime) -> None:
    late = keep(listing=ISSUED, name="En retard", query="retard=on", actor=Actor(a_person(at=at)), at=at)
    with pytest.raises(NotAllowed):
        rename(search=late, name="Autre", actor=SYSTEM)
    with pytest.raises(NotAllowed):
        remove(search=late, actor=SYSTEM)
    assert list(SavedSearch.objects.values_list("name", flat=True)) == ["En retard"]
