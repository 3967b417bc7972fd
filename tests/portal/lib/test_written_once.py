"""A statement that is written once gives what Django's own would, each time anew."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db.models import Exists, OuterRef, QuerySet

from plainchant.portal.lib.written_once import MOST_LISTED, written_once
from plainchant.portal.structures.models import Membership, Structure
from tests.making import a_member, a_structure

pytestmark = pytest.mark.django_db
WRITTEN: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_was_written() -> None:
    WRITTEN.clear()


@written_once(Membership)
def members(is_manager: bool, *, structure: int, state: str) -> QuerySet[Membership]:
    WRITTEN.append("members")
    managed = Membership.objects.filter(structure=OuterRef("structure"), is_manager=True)
    found = Membership.objects.filter(structure=structure, state=state, is_manager=is_manager)
    return found.select_related("user", "structure").annotate(is_managed=Exists(managed)).order_by("pk")


@written_once(Structure)
def names(*, keys: list[int]) -> QuerySet[Structure, tuple[int, str]]:
    WRITTEN.append("names")
    return Structure.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "name")


def test_rows_come_with_what_the_queryset_joins_and_adds(at: datetime, django_assert_num_queries: Any) -> None:
    pottery, press = a_structure(at=at), a_structure(at=at, name="La Presse")
    ada, lin = (a_member(structure=pottery, at=at, name=name, is_manager=name == "Ada") for name in ("Ada", "Lin"))
    a_member(structure=press, at=at, name="Ida")
    accepted = Membership.State.ACCEPTED.value
    with django_assert_num_queries(3):
        [manager] = members(True, structure=pottery.pk, state=accepted)
        [member] = members(False, structure=pottery.pk, state=accepted)
        [other] = members(False, structure=press.pk, state=accepted)
        assert (manager.user, member.user, other.structure.name) == (ada, lin, "La Presse")
    assert [row.is_managed for row in (manager, member, other)] == [True, True, False]  # type: ignore[attr-defined]
    assert WRITTEN == ["members"] * 2  # once for managers, once for others


def test_rows_are_read_each_time(at: datetime) -> None:
    pottery = a_structure(at=at)
    assert names(keys=[pottery.pk]) == [(pottery.pk, pottery.name)]
    Structure.objects.filter(pk=pottery.pk).update(name="Autre nom")
    assert names(keys=[pottery.pk]) == [(pottery.pk, "Autre nom")]


def test_a_list_of_keys_may_have_any_length(at: datetime) -> None:
    one, other = a_structure(at=at), a_structure(at=at, name="Autre")
    assert names(keys=[]) == []
    assert [key for key, _ in names(keys=[other.pk])] == [other.pk]
    assert [key for key, _ in names(keys=(other.pk, one.pk))] == [one.pk, other.pk]
    WRITTEN.clear()
    long = [one.pk, *range(10**6, 10**6 + MOST_LISTED)]
    assert [names(keys=long), names(keys=long)] == [[(one.pk, one.name)]] * 2
    assert WRITTEN == ["names"] * 2  # such a text is not kept


@pytest.mark.parametrize("value", [None, True, 1.5])
def test_a_value_that_would_change_the_text_is_none(value: Any) -> None:
    with pytest.raises(TypeError, match="no value of a statement"):
        members(True, structure=value, state="")


def test_a_value_that_a_condition_alters_is_not_taken() -> None:
    @written_once(Structure)
    def like(*, name: str) -> QuerySet[Structure]:
        return Structure.objects.filter(name__icontains=name)

    with pytest.raises(LookupError, match="name"):
        like(name="presse")


def test_values_go_where_their_names_stand() -> None:
    statement = members.statement(True, structure=7, state="x")
    assert statement is not None
    fresh, params = members._build(True, structure=7, state="x").query.sql_with_params()
    assert (statement[0], list(map(str, statement[1]))) == (fresh, list(map(str, params)))
