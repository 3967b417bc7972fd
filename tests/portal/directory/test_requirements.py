"""What a body demands, and what is missing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product

import pytest

from plainchant.portal.directory.requirements import Need, missing, requirements_of
from plainchant.portal.structures.models import Service, Structure, StructureNature

DAY = date(2026, 11, 3)
R, O, E = Need.REQUIRED, Need.OPTIONAL, Need.ONE_OF  # noqa: E741 - columns of a table


def body(*, service: bool = False, commitment: bool = False, either: bool = False, **fields: object) -> Structure:
    return Structure(
        name="Commune de Valbrume",
        requires_service=service,
        requires_commitment=commitment,
        requires_service_or_commitment=either,
        **fields,  # type: ignore[misc]
    )


@pytest.fixture
def town(db: None, at: datetime) -> Structure:
    town = body(nature=StructureNature.PUBLIC, identifier="12345678200028", created_at=at)
    town.save()
    return town


def service(town: Structure, code: str = "CULTURE", **fields: object) -> Service:
    return Service.objects.create(structure=town, code=code, name="Service culture", **fields)  # type: ignore[misc]


def rules(structure: Structure, chosen: Service | str | None = None, commitment: str = "", **more: bool) -> list[str]:
    return [f.rule for f in missing(structure=structure, service=chosen, commitment=commitment, day=DAY, **more)]


# either, service, commitment → what is needed of the service, of the commitment
@pytest.mark.parametrize(
    ("either", "by_service", "by_commitment", "need_of_service", "need_of_commitment"),
    [
        (False, False, False, O, O),
        (False, True, False, R, O),
        (False, False, True, O, R),
        (False, True, True, R, R),
        (True, False, False, E, E),
        (True, True, False, E, E),
        (True, False, True, E, E),
        (True, True, True, E, E),
    ],
)
def test_the_flag_one_of_the_two_is_read_before_the_others(
    either: bool, by_service: bool, by_commitment: bool, need_of_service: Need, need_of_commitment: Need
) -> None:
    needs = requirements_of(body(service=by_service, commitment=by_commitment, either=either))
    assert (needs.service, needs.commitment) == (need_of_service, need_of_commitment)


def test_a_service_may_demand_a_commitment_that_its_body_does_not() -> None:
    for service_flag, either in product((False, True), repeat=2):
        needs = requirements_of(
            body(service=service_flag, either=either), Service(name="Marchés", requires_commitment=True)
        )
        assert needs.commitment is Need.REQUIRED
        assert any("Marchés" in sentence for sentence in needs.sentences)


def test_the_sentences_say_the_everyday_word_then_the_official_one() -> None:
    (both,) = requirements_of(body(either=True)).sentences
    assert "le service à facturer (code service)" in both
    assert "l’un des deux suffit" in both
    assert len(requirements_of(body(service=True, commitment=True)).sentences) == 2
    assert "obligatoires" in requirements_of(body()).sentences[0]


def test_nothing_given_is_reported_all_at_once() -> None:
    assert rules(body(service=True, commitment=True)) == ["ANNUAIRE-SERVICE-ABSENT", "ANNUAIRE-ENGAGEMENT-ABSENT"]
    assert rules(body(either=True)) == ["ANNUAIRE-SERVICE-OU-ENGAGEMENT"]
    assert rules(body(service=True)) == ["ANNUAIRE-SERVICE-ABSENT"]
    assert rules(body(commitment=True)) == ["ANNUAIRE-ENGAGEMENT-ABSENT"]


def test_spaces_are_not_a_commitment() -> None:
    assert rules(body(commitment=True), commitment="   ") == ["ANNUAIRE-ENGAGEMENT-ABSENT"]


def test_an_inactive_body_is_refused_whatever_is_given() -> None:
    assert rules(body(is_active=False), commitment="4500012345") == ["ANNUAIRE-DESTINATAIRE-INACTIF"]


def test_a_service_that_does_not_exist_is_refused_even_where_none_is_demanded(town: Structure) -> None:
    assert rules(town, "INCONNU") == ["ANNUAIRE-SERVICE-INCONNU"]


def test_a_service_of_another_body_is_refused(town: Structure, at: datetime) -> None:
    other = body(nature=StructureNature.PUBLIC, identifier="12345678200036", created_at=at)
    other.save()
    assert rules(town, service(other)) == ["ANNUAIRE-SERVICE-INCONNU"]


@pytest.mark.parametrize(
    "fields",
    [{"is_active": False}, {"valid_until": DAY - timedelta(days=1)}, {"valid_from": DAY + timedelta(days=1)}],
)
def test_a_service_that_is_not_open_today_is_refused(town: Structure, fields: dict[str, object]) -> None:
    assert rules(town, service(town, **fields)) == ["ANNUAIRE-SERVICE-INACTIF"]


def test_a_service_is_open_on_its_first_and_last_day(town: Structure) -> None:
    assert rules(town, service(town, valid_from=DAY, valid_until=DAY)) == []


def test_the_service_between_public_bodies_is_refused_to_a_private_supplier_only(town: Structure) -> None:
    reserved = service(town, Service.PUBLIC_INVOICES)
    assert rules(town, reserved) == ["ANNUAIRE-SERVICE-RESERVE"]
    assert rules(town, reserved, seller_is_public=True) == []


def test_a_service_that_demands_a_commitment_is_named_in_the_refusal(town: Structure) -> None:
    town.requires_service_or_commitment = True
    (finding,) = missing(structure=town, service=service(town, requires_commitment=True), commitment="", day=DAY)
    assert finding.rule == "ANNUAIRE-ENGAGEMENT-ABSENT"
    assert finding.message.startswith("Le service «\u00a0Service culture\u00a0»")
    assert finding.field == "commitment"


def test_one_of_the_two_is_enough(town: Structure) -> None:
    town.requires_service_or_commitment = True
    assert rules(town, service(town)) == []
    assert rules(town, "CULTURE") == []
    assert rules(town, commitment="4500012345") == []


def test_nothing_is_demanded_by_a_body_that_demands_nothing() -> None:
    assert rules(body()) == []


def test_every_refusal_stops_the_sending_and_says_what_to_do(town: Structure) -> None:
    town.is_active = False
    town.requires_commitment = True
    findings = missing(structure=town, service="INCONNU", commitment="", day=DAY)
    assert len(findings) == 3
    for finding in findings:
        assert finding.severity == "fatal"
        assert finding.field in {"buyer", "buyer_service", "commitment"}
        assert finding.message.count(".") >= 2
