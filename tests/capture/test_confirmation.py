"""The directory's word on whose SIRET is whose."""

from __future__ import annotations

import pytest

from plainchant.capture.confirmation import confirmed
from plainchant.capture.place import Place
from plainchant.capture.proposal import Certainty, FieldReading, ReadField

ONE, OTHER, THIRD = "90210001500012", "21990001600011", "38877766600057"


def siret(value: str, certainty: Certainty = "doubtful") -> ReadField:
    return ReadField(value, value, Place(1, (0.1, 0.1, 0.2, 0.12)), certainty)


def reading(seller: str, buyer: str | None = None) -> FieldReading:
    fields = {"seller_siret": siret(seller)} | ({"buyer_siret": siret(buyer)} if buyer else {})
    return FieldReading(fields=fields, sirets=(siret(ONE), siret(OTHER), siret(THIRD)))


@pytest.mark.parametrize("known", [set(), {ONE, OTHER}])
def test_none_or_several_known_change_nothing(known: set[str]) -> None:
    before = reading(ONE, OTHER)
    assert confirmed(before, bodies_among=known.intersection) == before


def test_the_known_one_becomes_certain() -> None:
    fields = confirmed(reading(ONE, OTHER), bodies_among={OTHER}.intersection).fields
    assert (fields["buyer_siret"].value, fields["buyer_siret"].certainty) == (OTHER, "certain")
    assert fields["seller_siret"].certainty == "doubtful"


def test_two_read_the_wrong_way_round_are_exchanged() -> None:
    fields = confirmed(reading(OTHER, ONE), bodies_among={OTHER}.intersection).fields
    assert (fields["buyer_siret"].value, fields["buyer_siret"].certainty) == (OTHER, "likely")
    assert (fields["seller_siret"].value, fields["seller_siret"].certainty) == (ONE, "doubtful")


def test_a_buyer_that_was_not_read_is_found_among_the_others() -> None:
    fields = confirmed(reading(ONE), bodies_among={THIRD}.intersection).fields
    assert (fields["buyer_siret"].value, fields["seller_siret"].value) == (THIRD, ONE)
