"""A body's managers keep its services and what it demands; what they set, an import of the directory leaves alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from plainchant.portal.directory import operations as directory
from plainchant.portal.directory import services
from plainchant.portal.directory.imports.records import BodyRecord, ServiceRecord
from plainchant.portal.directory.requirements import Need, requirements_of
from plainchant.portal.directory.services import BodyDemands, ServiceDetails, ServiceNeeded, WrongServiceCode
from plainchant.portal.invoices.delay import pays_in_silence
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.service_codes import change_service
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import ActivityEntry, Service, Structure
from plainchant.portal.structures.naming import LegalName
from tests.making import a_draft, a_member, a_service, a_structure, a_town

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Iterator[Structure]:
    with once_a_module():
        town = a_town(at=at)
        a_member(structure=town, at=at, is_manager=True, name="Berthe")
        a_member(structure=town, at=at, name="Basile")
        a_service(structure=town, code="CULTURE")
        a_service(structure=town, code=Service.PUBLIC_INVOICES)
        yield town


@pytest.fixture
def town(built: Structure) -> Structure:
    return Structure.objects.get(pk=built.pk)


@pytest.fixture
def culture(town: Structure) -> Service:
    return town.services.get(code="CULTURE")


def managing(town: Structure) -> Actor:
    return Actor(town.memberships.get(is_manager=True).user)


def kinds(town: Structure) -> list[str]:
    return [entry.kind for entry in ActivityEntry.objects.filter(structure=town).order_by("pk")]


@pytest.mark.parametrize(
    "code",
    ["", "-A", "A-", "A/B", "x" * 101, "culture", "C ULTURE", "factures_publiques", "A\u00a0\u202e"],
)
def test_a_code_that_is_none_or_is_taken_or_reserved_is_refused(town: Structure, code: str, at: datetime) -> None:
    with pytest.raises(WrongServiceCode):
        services.add(structure=town, actor=managing(town), code=code, details=ServiceDetails(name="Service"), at=at)


def test_a_service_is_added_and_suppliers_may_name_it(town: Structure, at: datetime) -> None:
    details = ServiceDetails(name="Écoles", requires_commitment=True, valid_from=date(2026, 1, 1))
    service = services.add(structure=town, actor=managing(town), code=" ÉCOLES  2_b-C ", details=details, at=at)
    assert service.code == "ÉCOLES 2_b-C"
    assert requirements_of(town, service).commitment is Need.REQUIRED
    assert kinds(town) == ["SERVICE_AJOUTE"]


def test_a_code_changes_only_while_no_invoice_names_it(town: Structure, culture: Service, at: datetime) -> None:
    actor, details = managing(town), ServiceDetails(name="Service de la culture")
    change_service(service=culture, actor=actor, code="ARTS", details=details, at=at)
    seller = a_structure(at=at)
    user = a_member(structure=seller, at=at)
    a_draft(seller=seller, user=user, at=at, buyer=town, buyer_service=culture)
    assert Invoice.objects.get().buyer_service == culture
    with pytest.raises(WrongServiceCode) as refused:
        change_service(service=culture, actor=actor, code="ARTS-2", details=details, at=at)
    assert refused.value.field == "code"
    culture.refresh_from_db()
    assert culture.code == "ARTS"
    change_service(service=culture, actor=actor, code="ARTS", details=ServiceDetails(name="Arts"), at=at)
    culture.refresh_from_db()
    assert culture.name == "Arts"


def test_the_reserved_code_stays_what_it_is(town: Structure, at: datetime) -> None:
    reserved = town.services.get(code=Service.PUBLIC_INVOICES)
    with pytest.raises(WrongServiceCode):
        change_service(
            service=reserved, actor=managing(town), code="AUTRE", details=ServiceDetails(name="Autre"), at=at
        )


def test_a_service_is_closed_and_opened_again(town: Structure, culture: Service, at: datetime) -> None:
    actor = managing(town)
    services.close(service=culture, actor=actor, at=at)
    services.close(service=culture, actor=actor, at=at)
    assert not Service.objects.get(pk=culture.pk).is_active
    services.reopen(service=culture, actor=actor, at=at)
    assert Service.objects.get(pk=culture.pk).is_active
    assert kinds(town) == ["SERVICE_FERME", "SERVICE_ROUVERT"]


def test_a_body_that_demands_a_service_has_one_that_can_be_named(
    town: Structure, culture: Service, at: datetime
) -> None:
    actor = managing(town)
    services.set_demands(structure=town, actor=actor, demands=BodyDemands(requires_service=True), at=at)
    with pytest.raises(ServiceNeeded):
        services.close(service=culture, actor=actor, at=at)
    services.set_demands(structure=town, actor=actor, demands=BodyDemands(), at=at)
    services.close(service=culture, actor=actor, at=at)
    with pytest.raises(ServiceNeeded) as refused:
        services.set_demands(structure=town, actor=actor, demands=BodyDemands(requires_service=True), at=at)
    assert refused.value.field == "address"


def test_an_import_changes_what_the_managers_have_left_alone_and_nothing_else(
    town: Structure, culture: Service, at: datetime
) -> None:
    actor = managing(town)
    services.set_demands(structure=town, actor=actor, demands=BodyDemands(requires_commitment=True), at=at)
    directory.correct_name(structure=town, actor=actor, name=LegalName(name="Commune de Valbrume-les-Bains"), at=at)
    services.close(service=culture, actor=actor, at=at)
    given = {"name": "VALBRUME", "city": "Valbrume Ville", "requires_commitment": False, "requires_service": True}
    recorded = directory.record_bodies(bodies=[BodyRecord(2, town.identifier, given)], at=at)
    town.refresh_from_db()
    assert (town.name, town.requires_commitment) == ("Commune de Valbrume-les-Bains", True)
    assert (town.city, town.requires_service) == ("Valbrume Ville", True)
    assert [remark.line for remark in recorded.warnings] == [2]
    assert "le nom, l’obligation d’engagement" in recorded.warnings[0].sentence
    given = {"name": "Culture et fêtes", "is_active": True}
    recorded = directory.record_services(services=[ServiceRecord(3, town.identifier, "CULTURE", given)], at=at)
    culture.refresh_from_db()
    assert (culture.name, culture.is_active) == ("Culture et fêtes", False)
    assert len(recorded.warnings) == 1
    again = directory.record_services(services=[ServiceRecord(3, town.identifier, "CULTURE", given)], at=at)
    assert (again.updated, again.unchanged) == (0, 1)


def test_whoever_claimed_a_body_before_the_directory_named_it_has_set_nothing(at: datetime) -> None:
    claimed = a_structure(at=at, own_columns="name", name="À moi")
    directory.record_bodies(bodies=[BodyRecord(2, claimed.identifier, {"name": "Commune de Brume"})], at=at)
    claimed.refresh_from_db()
    assert (claimed.name, claimed.own_columns) == ("Commune de Brume", "")


def test_a_service_may_pay_in_silence_where_its_body_does_not(culture: Service, town: Structure) -> None:
    invoice = Invoice(buyer=town, buyer_service=culture)
    assert not pays_in_silence(invoice=invoice)
    culture.reports_no_payment = True
    assert pays_in_silence(invoice=invoice)


def test_two_hundred_services_cost_as_many_queries_as_one(town: Structure) -> None:
    client = Client()
    client.force_login(managing(town).account)
    address = f"/structures/{town.uid}/services/"
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    Service.objects.bulk_create(
        Service(structure=town, code=f"S{number:03d}", name=f"Service {number}") for number in range(200)
    )
    with CaptureQueriesContext(connection) as many:
        page = client.get(address).content.decode()
    assert len(many) == len(few)
    assert "1 à 50 sur 202" in page
    found = client.get(address, {"q": "s07"}).content.decode()
    assert "S070" in found
    assert "S100" not in found


def test_the_pages_add_change_and_close(town: Structure, culture: Service) -> None:
    client = Client()
    client.force_login(managing(town).account)
    base = f"/structures/{town.uid}/services/"
    typed = {"name": "Voirie", "code": "VOIRIE", "valid_from": "2026-01-01", "valid_until": "2025-01-01"}
    assert client.post(f"{base}ajouter/", typed).context["form"].errors.keys() == {"valid_until"}
    client.post(f"{base}ajouter/", {**typed, "valid_until": ""})
    roads = town.services.get(code="VOIRIE")
    client.post(f"{base}{roads.pk}/", {"name": "Voirie et réseaux", "code": "VOIRIE", "requires_commitment": "on"})
    client.post(f"{base}{roads.pk}/", {"wanted": "close"})
    roads.refresh_from_db()
    assert (roads.name, roads.requires_commitment, roads.is_active) == ("Voirie et réseaux", True, False)
    answer = client.post(f"/structures/{town.uid}/demandes/", {"address": "one_of", "reports_no_payment": "on"})
    assert answer.status_code == 302
    town.refresh_from_db()
    assert (town.requires_service_or_commitment, town.reports_no_payment) == (True, True)


def test_the_services_of_another_body_are_not_there(town: Structure, at: datetime) -> None:
    client = Client()
    client.force_login(managing(town).account)
    other = a_service(structure=a_town(at=at), code="AUTRE")
    assert client.get(f"/structures/{town.uid}/services/{other.pk}/").status_code == 404
    assert client.post(f"/structures/{town.uid}/services/{other.pk}/", {"wanted": "close"}).status_code == 404
    agent = Client()
    agent.force_login(town.memberships.get(is_manager=False).user)
    assert agent.get(f"/structures/{town.uid}/services/").status_code == 200
    assert agent.get(f"/structures/{town.uid}/services/ajouter/").status_code == 404
