"""The fictitious directory has everything a directory can demand, and nobody can take it for a real one."""

from __future__ import annotations

from datetime import datetime

import pytest
from stdnum.fr import siret as stdnum_siret

from plainchant.demo import directory as demo
from plainchant.einvoice.law.payment import PAYER_CATEGORY_OF
from plainchant.portal.directory.queries import search, services
from plainchant.portal.directory.requirements import Need, requirements_of
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.structures.models import Service, Structure

QUALIFICATION = {
    demo.QUALIFICATION_SERVICE,
    demo.QUALIFICATION_COMMITMENT,
    demo.QUALIFICATION_EITHER,
    demo.QUALIFICATION_NOTHING,
    demo.QUALIFICATION_STATE,
}


def test_every_siret_but_the_public_test_ones_is_in_a_range_that_is_nobodys() -> None:
    directory = demo.demo_directory()
    identifiers = [body.identifier for body in directory.bodies]
    assert len(identifiers) == len(set(identifiers)) > 250
    for identifier in set(identifiers) - QUALIFICATION:
        assert identifier.startswith("000")
        assert stdnum_siret.is_valid(identifier)


def test_it_is_the_same_each_time() -> None:
    assert demo.demo_directory() == demo.demo_directory()
    assert list(demo.generate(100, seed=3)) == list(demo.generate(100, seed=3))
    assert list(demo.generate(100, seed=3)) != list(demo.generate(100, seed=4))


def test_generated_bodies_never_collide_with_the_demonstration() -> None:
    own = {body.identifier for body in demo.demo_directory().bodies}
    generated = [body.identifier for body in demo.generate(5_000)]
    assert len(set(generated)) == 5_000
    assert not own & set(generated)


@pytest.mark.django_db
def test_the_cast_demands_what_the_plot_needs(at: datetime) -> None:
    demo.seed(at=at)
    cast = {structure.identifier: structure for structure in Structure.objects.all()}
    needs = {
        demo.TOWN_HALL: (Need.ONE_OF, Need.ONE_OF),
        demo.MUSEUM: (Need.OPTIONAL, Need.REQUIRED),
        demo.HOSPITAL: (Need.REQUIRED, Need.REQUIRED),
        demo.TOWN_WITHOUT_DEMANDS: (Need.OPTIONAL, Need.OPTIONAL),
        demo.MINISTRY: (Need.REQUIRED, Need.REQUIRED),
        demo.QUALIFICATION_SERVICE: (Need.REQUIRED, Need.OPTIONAL),
        demo.QUALIFICATION_COMMITMENT: (Need.OPTIONAL, Need.REQUIRED),
        demo.QUALIFICATION_EITHER: (Need.ONE_OF, Need.ONE_OF),
        demo.QUALIFICATION_NOTHING: (Need.OPTIONAL, Need.OPTIONAL),
        demo.QUALIFICATION_STATE: (Need.REQUIRED, Need.REQUIRED),
    }
    for identifier, expected in needs.items():
        demanded = requirements_of(cast[identifier])
        assert (demanded.service, demanded.commitment) == expected, cast[identifier]
    assert not cast[demo.CLOSED_TOWN].is_active
    assert {structure.payer_category for structure in cast.values()} == set(PAYER_CATEGORY_OF)


@pytest.mark.django_db
def test_the_town_hall_shows_only_its_open_services(at: datetime) -> None:
    demo.seed(at=at)
    hall = Structure.objects.get(identifier=demo.TOWN_HALL)
    codes = [service.code for service in services(structure=hall, day=day_in_paris(at))]
    assert codes == ["CULTURE", "ECOLES", "MARCHES", "TECHNIQUE"]
    assert hall.services.filter(code=Service.PUBLIC_INVOICES).exists()


@pytest.mark.django_db
def test_whoever_demands_a_service_has_one(at: datetime) -> None:
    demo.seed(at=at)
    active = Structure.objects.filter(is_active=True)
    demanding = [structure for structure in active if requirements_of(structure).service is Need.REQUIRED]
    assert demanding
    assert [structure for structure in demanding if not services(structure=structure, day=day_in_paris(at))] == []


@pytest.mark.django_db
def test_the_hospital_has_two_hundred_services(at: datetime) -> None:
    demo.seed(at=at)
    assert Service.objects.filter(structure__identifier=demo.HOSPITAL).count() == 200


@pytest.mark.django_db
def test_the_cast_is_found_by_name_first(at: datetime) -> None:
    demo.seed(at=at)
    for text, identifier in [
        ("valbrume", demo.TOWN_HALL),
        ("musee faiences", demo.MUSEUM),
        ("hopital vaucendre", demo.HOSPITAL),
        ("noirepine", demo.TOWN_WITHOUT_DEMANDS),
    ]:
        assert identifier in [body.identifier for body in search(text=text, limit=3).results], text
