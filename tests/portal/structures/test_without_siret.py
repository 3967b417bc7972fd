"""A structure without SIRET: its sheet, its mails, its invoices by every way in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.test import Client

from plainchant.einvoice.codes.identifier_types import IDENTIFIER_TYPES, WRITTEN
from plainchant.einvoice.structure_identifiers import clean_identifier
from plainchant.portal.accounts.models import User
from plainchant.portal.drafts import operations as drafts
from plainchant.portal.drafts.checking import check
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures import queries
from plainchant.portal.structures.memberships import ask_to_join
from plainchant.portal.structures.models import Membership, Structure
from plainchant.portal.structures.naming import LegalName
from plainchant.portal.structures.operations import StructureDetails, create
from tests.making import a_mandate, a_person, a_town, an_entry
from tests.portal.flows.making_flows import invoice as xml_invoice
from tests.portal.flows.making_flows import sent as a_flow

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

TYPED = {
    "UE_HORS_FRANCE": ("be 0403.170.701", "BE"),
    "HORS_UE": ("CH Atelier du lac", "CH"),
    "RIDET": ("0 123 456.001", "NC"),
    "TAHITI": ("A12345001", "PF"),
    "AUTRE": ("J00123456", "FR"),
    "PARTICULIER": ("06 12 34 56 78 Martin", "FR"),
}


@pytest.fixture(scope="module")
def people(
    once_a_module: Callable[[], AbstractContextManager[None]], at: datetime
) -> Iterator[tuple[User, Structure, dict[str, Structure]]]:
    with once_a_module():
        person, town = a_person(at=at), a_town(at=at, address_line="1 place", postcode="06999")
        made = {}
        for kind, (typed, country) in TYPED.items():
            identifier = clean_identifier(typed, identifier_type=kind)
            is_person = kind == "PARTICULIER"
            sheet = StructureDetails(
                address_line="1 rue du Lac",
                postcode="98800",
                city="Ailleurs",
                country=country,
                vat_number=identifier if kind == "UE_HORS_FRANCE" else "",
            )
            name = (
                LegalName(first_name="Élodie", last_name="Martin") if is_person else LegalName(name=f"Atelier {kind}")
            )
            made[kind] = create(
                actor=Actor(person), identifier_type=kind, identifier=identifier, name=name, sheet=sheet, at=at
            ).structure
            a_mandate(structure=made[kind], by=person, at=at)
        yield person, town, made


@pytest.mark.parametrize("kind", TYPED)
def test_an_invoice_typed_for_it_is_checked_and_sent(
    kind: str, people: tuple[User, Structure, dict[str, Structure]], at: datetime
) -> None:
    person, town, made = people
    entry = an_entry(seller=made[kind], user=person, at=at, buyer=town)
    checked = check(draft=entry, at=at)
    assert [finding.message for finding in checked.stops] == []
    assert checked.sheet is not None
    assert (checked.sheet.seller.siret, checked.sheet.seller.identifier_type) == (made[kind].identifier, kind)
    drafts.submit(draft=entry, actor=Actor(person), at=at, revision=entry.revision)
    certificate = Invoice.objects.get(pk=entry.invoice_id).certificate
    assert certificate.facts["seller"]["known_as"] == made[kind].known_as


@pytest.mark.parametrize("kind", TYPED)
def test_its_invoice_comes_in_a_flow(
    kind: str, people: tuple[User, Structure, dict[str, Structure]], at: datetime
) -> None:
    person, town, made = people
    seller = made[kind]
    row = next(row for row in IDENTIFIER_TYPES if row.code == kind)
    file = xml_invoice(number=f"E-{kind[:8]}", seller="90210001500012", buyer=town.identifier)
    before = b'schemeID="0009">90210001500012<'
    assert before in file
    file = file.replace(before, f'schemeID="{row.scheme or row.number}">{seller.identifier.lower()}<'.encode())
    flow = a_flow(file, structure=seller, user=person, at=at, name="facture.xml")
    invoice = Invoice.objects.filter(seller=seller).first()
    assert invoice is not None, [(result.number, result.findings) for result in flow.results.all()]


def test_two_that_bear_the_same_number_are_told_apart_by_its_type(
    people: tuple[User, Structure, dict[str, Structure]], at: datetime
) -> None:
    person, _, made = people
    other = create(
        actor=Actor(person),
        identifier_type="AUTRE",
        identifier="A12345001",
        name=LegalName(name="Autre"),
        sheet=StructureDetails(),
        at=at,
    ).structure
    assert other != made["TAHITI"]
    assert queries.with_identifier(identifier="A12345001", identifier_type="TAHITI") == made["TAHITI"]
    assert queries.as_written(text="A12345001") is None
    assert queries.as_written(text="be0403170701") == made["UE_HORS_FRANCE"]


def test_a_person_without_siret_has_the_name_of_a_person(
    people: tuple[User, Structure, dict[str, Structure]],
) -> None:
    individual = people[2]["PARTICULIER"]
    assert (individual.name, individual.first_name, individual.last_name) == ("Élodie Martin", "Élodie", "Martin")


def test_the_manager_reads_what_it_is_known_by_and_not_a_siret(
    people: tuple[User, Structure, dict[str, Structure]], at: datetime
) -> None:
    made = people[2]
    ask_to_join(actor=Actor(a_person(at=at, name="Grace")), structure=made["UE_HORS_FRANCE"], comment="", at=at)
    body = Message.objects.get(kind="membership_request").body
    assert "(N° TVA\u00a0BE0403170701)" in body
    assert "SIRET" not in body


def test_the_pages_ask_what_makes_sense_of_it(people: tuple[User, Structure, dict[str, Structure]]) -> None:
    client = Client()
    client.force_login(people[0])
    page = client.get("/structures/ajouter/").content.decode()
    assert "/structures/ajouter/sans-siret/" in page
    assert client.get("/structures/ajouter/sans-siret/?kind=").context["form"].errors
    answer = client.get("/structures/ajouter/sans-siret/?kind=HORS_UE")
    assert answer.headers["Location"] == "/structures/ajouter/HORS_UE/"
    assert "pas un pays" in client.get("/structures/ajouter/HORS_UE/?identifiant=ZZAcme").content.decode()
    address = "/structures/ajouter/HORS_UE/?identifiant=gb+Acme"
    form = client.get(address).context["form"]
    assert form.fields["country"].initial == "GB"
    typed = {"name": "Acme Ltd", "address_line": "1 High Street", "city": "Leeds", "postcode": "LS1 4AP"}
    assert client.post(address, {**typed, "country": "FR"}).context["form"].errors.keys() == {"postcode"}
    client.post(address, {**typed, "country": "GB"})
    made = Structure.objects.get(identifier="GBACME")
    assert (made.identifier_type, made.country, made.postcode) == ("HORS_UE", "GB", "LS1 4AP")
    sheet = client.get(f"/structures/{made.uid}/").content.decode()
    assert "Hors Union européenne" in sheet
    assert "Royaume-Uni" in sheet
    facts = sheet.split("<main")[1].split("<aside")[0].replace("Elle a maintenant un SIRET", "")
    assert "SIRET" not in facts


def test_a_person_gives_two_names_and_no_vat_number(people: tuple[User, Structure, dict[str, Structure]]) -> None:
    client = Client()
    client.force_login(people[0])
    address = "/structures/ajouter/PARTICULIER/?identifiant=0700000000DURAND"
    form = client.get(address).context["form"]
    assert {"first_name", "last_name", "country"} <= form.fields.keys()
    assert not {"name", "label", "vat_number", "rcs_number"} & form.fields.keys()
    typed = {"first_name": "Ali", "last_name": "Durand", "address_line": "1 rue", "city": "Metz", "postcode": "57000"}
    client.post(address, {**typed, "country": "FR"})
    made = Structure.objects.get(identifier="0700000000DURAND")
    assert made.name == "Ali Durand"
    assert Membership.objects.get(structure=made).is_manager
    assert WRITTEN["0226"].code == made.identifier_type
