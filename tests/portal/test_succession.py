"""A SIRET changes: everything goes on under the new one, what was sent stays with the old one, for the same people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime

import pytest
from django.db import DatabaseError, models
from django.test import Client

from plainchant.portal import succession
from plainchant.portal.directory.requirements import missing
from plainchant.portal.drafts import operations as drafts
from plainchant.portal.drafts.checking import check
from plainchant.portal.drafts.models import Draft, InvoiceSettings
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import SEE_ISSUED_INVOICE
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.library.models import LibraryFile
from plainchant.portal.mail.models import Message
from plainchant.portal.mandates.queries import in_force
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import may
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures import closing, invitations
from plainchant.portal.structures.grants import give
from plainchant.portal.structures.heirs import SiretNotPossible
from plainchant.portal.structures.memberships import ask_to_join
from plainchant.portal.structures.models import ActivityEntry, Delegation, Grant, Invitation, Membership, Structure
from plainchant.portal.structures.reach import reached, services_reached
from tests.making import a_mandate, a_member, a_person, a_service, a_structure, a_town, an_attachment, an_entry
from tests.portal.library.test_library import keep
from tests.web.proving import proved

pytestmark = pytest.mark.django_db

OLD, NEW = "90210001500012", "90210001500020"


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Iterator[Structure]:
    with once_a_module():
        made = a_structure(
            at=at, name="Atelier Lumen", identifier=OLD, address_line="1 rue des Essais", postcode="31000", phone="0"
        )
        manager = a_member(structure=made, at=at, is_manager=True, name="Ada")
        reader = a_person(at=at, name="Grace")
        an_attachment(person=reader, structure=made, at=at, profiles=[AccessProfile.FOLLOW])
        a_mandate(structure=made, by=manager, at=at)
        InvoiceSettings.objects.create(structure=made, vat_regime="SANS_TVA", updated_at=at, updated_by=manager)
        keep(user=manager, at=at, name="rib.pdf", structure=made)
        town = a_town(at=at, address_line="1 place", postcode="06999")
        sent, _ = (an_entry(seller=made, user=manager, at=at, buyer=town, number=f"F-{n}") for n in (1, 2))
        drafts.submit(draft=sent, actor=Actor(manager), at=at, revision=sent.revision)
        accountant = a_structure(at=at, name="Cabinet")
        a_member(structure=accountant, at=at, name="Compta")
        delegation = Delegation.objects.create(
            client=made, delegate=accountant, begins_on=date(2026, 1, 1), created_at=at, created_by=manager
        )
        give(holder=delegation, profiles=[AccessProfile.FOLLOW])
        yield made


@pytest.fixture
def workshop(built: Structure) -> Structure:
    return Structure.objects.get(pk=built.pk)


def managing(structure: Structure) -> Actor:
    return Actor(structure.memberships.get(is_manager=True).user)


@pytest.mark.parametrize("siret", ["90210001600012", OLD])
def test_a_siret_of_another_company_or_the_same_one_is_refused(workshop: Structure, siret: str, at: datetime) -> None:
    with pytest.raises(SiretNotPossible) as refused:
        succession.change_siret(structure=workshop, siret=siret, actor=managing(workshop), at=at)
    assert refused.value.field == "siret"
    assert Structure.objects.get(pk=workshop.pk).is_active


def test_a_siret_that_somebody_has_here_is_refused(workshop: Structure, at: datetime) -> None:
    a_structure(at=at, identifier=NEW)
    with pytest.raises(SiretNotPossible):
        succession.change_siret(structure=workshop, siret=NEW, actor=managing(workshop), at=at)
    assert Structure.objects.get(pk=workshop.pk).is_active


def test_a_closed_structure_and_a_public_body_do_not_change_theirs(workshop: Structure, at: datetime) -> None:
    actor = managing(workshop)
    closing.close(structure=workshop, actor=actor, at=at)
    with pytest.raises(SiretNotPossible):
        succession.change_siret(structure=workshop, siret=NEW, actor=actor, at=at)
    town = a_town(at=at)
    mayor = Actor(a_member(structure=town, at=at, is_manager=True))
    with pytest.raises(SiretNotPossible):
        succession.change_siret(structure=town, siret=town.identifier[:9] + "99999", actor=mayor, at=at)


def test_the_new_structure_has_all_that_the_old_one_had(workshop: Structure, at: datetime) -> None:
    actor = managing(workshop)
    asker = a_person(at=at)
    ask_to_join(actor=Actor(asker), structure=workshop, comment="", at=at)
    invitations.invite(structure=workshop, actor=actor, email="x@example.org", profiles=[AccessProfile.READ], at=at)
    heir = succession.change_siret(structure=workshop, siret=NEW, actor=actor, at=at)
    former = Structure.objects.get(pk=workshop.pk)
    assert (heir.identifier, heir.origin, heir.name, heir.postcode) == (NEW, former, "Atelier Lumen", "31000")
    assert (former.is_active, heir.is_active) == (False, True)
    for kept in (former, heir):
        standing = kept.memberships.filter(state="VALIDEE").values_list("user__first_name", "is_manager")
        assert sorted(standing) == [("Ada", True), ("Grace", False)]
    reader = Actor(heir.memberships.get(user__first_name="Grace").user)
    assert heir in reached(actor=reader, right=Right.SEE_ISSUED)
    assert heir not in reached(actor=reader, right=Right.SEND)
    assert Membership.objects.get(user=asker).structure == heir
    assert Invitation.objects.get().structure == heir
    mandate = in_force(structure=heir)
    assert mandate is not None
    assert (mandate.facts["identifier"], mandate.facts["formerly"]) == (NEW, former.known_as)
    assert heir.invoice_settings.vat_regime == "SANS_TVA"
    assert LibraryFile.objects.get().structure == heir
    assert heir.bank_accounts.get().iban == former.bank_accounts.get().iban
    accountant = Actor(Membership.objects.get(user__first_name="Compta").user)
    assert {former, heir} <= set(reached(actor=accountant, right=Right.SEE_ISSUED))


def test_what_was_sent_stays_and_drafts_go_on_with_the_new_account(workshop: Structure, at: datetime) -> None:
    actor = managing(workshop)
    heir = succession.change_siret(structure=workshop, siret=NEW, actor=actor, at=at)
    sent, waiting = Invoice.objects.order_by("pk")
    assert (sent.seller, waiting.seller) == (workshop, heir)
    assert may(actor, SEE_ISSUED_INVOICE, sent)
    draft = Draft.objects.get(invoice=waiting)
    assert draft.fields["bank_account"] == str(heir.bank_accounts.get().uid)
    assert waiting.bank_account == heir.bank_accounts.get()
    checked = check(draft=draft, at=at)
    assert checked.stops == []
    assert checked.sheet is not None
    assert checked.sheet.seller.siret == NEW
    drafts.submit(draft=draft, actor=actor, at=at, revision=draft.revision)


def test_everybody_is_told_both_logs_say_it_and_the_old_one_names_the_new(workshop: Structure, at: datetime) -> None:
    actor = managing(workshop)
    heir = succession.change_siret(structure=workshop, siret=NEW, actor=actor, at=at)
    assert Message.objects.filter(kind="siret_changed").count() == 2
    for structure in (workshop, heir):
        entry = ActivityEntry.objects.get(structure=structure, kind="NOUVEAU_SIRET")
        assert entry.about == f"{workshop.known_as} → {heir.known_as}"
    with pytest.raises(closing.ClosedToInvoices) as refused:
        closing.require_open(workshop)
    assert heir.known_as in refused.value.sentence
    with pytest.raises(closing.CannotClose):
        closing.reopen(structure=workshop, actor=actor, at=at)


def test_a_structure_that_waited_for_its_siret_has_it(at: datetime) -> None:
    new = a_structure(at=at, identifier="J00123456", identifier_type="AUTRE", name="Nouvelle")
    actor = Actor(a_member(structure=new, at=at, is_manager=True))
    heir = succession.change_siret(structure=new, siret=NEW, actor=actor, at=at)
    assert (heir.identifier_type, heir.identifier) == ("SIRET", NEW)


def test_a_body_goes_on_under_the_siret_that_the_directory_has_already(at: datetime) -> None:
    old = a_town(at=at, identifier="21990001600011")
    culture = a_service(structure=old, code="CULTURE")
    agent = a_person(at=at)
    an_attachment(person=agent, structure=old, at=at, profiles=[AccessProfile.PROCESS], services=[culture])
    listed = a_town(at=at, name="Commune nouvelle", identifier="21990009900015")
    theirs = a_service(structure=listed, code="CULTURE", email="culture@example.org")
    heir = succession.change_siret_as_operator(siret=old.identifier, new=listed.identifier, at=at)
    assert (heir, heir.name, heir.origin) == (listed, "Commune nouvelle", old)
    assert list(heir.services.all()) == [theirs]
    assert set(services_reached(actor=Actor(agent), right=Right.PROCESS)) == {culture, theirs}
    assert Grant.objects.filter(service=theirs).exists()
    old.refresh_from_db()
    (finding,) = missing(structure=old, service=None, commitment="", day=day_in_paris(at))
    assert finding.rule == "ANNUAIRE-DESTINATAIRE-REMPLACE"
    assert "219\u00a0900\u00a0099\u00a000015" in finding.message
    page = Client().get(f"/annuaire/{old.identifier}/").content.decode()
    assert f"/annuaire/{heir.identifier}/" in page


def test_the_operator_takes_nobody_elses_sheet(at: datetime) -> None:
    old, other, supplier = a_town(at=at), a_town(at=at), a_structure(at=at)
    a_member(structure=other, at=at)
    for taken in (other, supplier, old):
        with pytest.raises(SiretNotPossible):
            succession.change_siret_as_operator(siret=old.identifier, new=taken.identifier, at=at)


def test_all_of_it_or_nothing(workshop: Structure, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(succession, "write_columns", fail)
    with pytest.raises(DatabaseError):
        succession.change_siret(structure=workshop, siret=NEW, actor=managing(workshop), at=at)
    assert not Structure.objects.filter(identifier=NEW).exists()
    assert Structure.objects.get(pk=workshop.pk).is_active
    assert LibraryFile.objects.get().structure == workshop
    assert not Message.objects.filter(kind="siret_changed").exists()


def test_nothing_that_belongs_to_a_structure_has_been_forgotten() -> None:
    """Each row that names a structure is carried over, or stays with the old one on purpose."""
    naming = {
        (relation.related_model.__name__, relation.field.name)
        for relation in Structure._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ForeignObjectRel) and isinstance(relation.field, models.ForeignKey)
    }
    carried = {
        ("Application", "structure"),
        ("BankAccount", "structure"),
        ("BillingMandate", "structure"),
        ("Commitment", "structure"),
        ("Delegation", "client"),
        ("Delegation", "delegate"),
        ("DelegationRequest", "delegate"),
        ("Drop", "seller"),
        ("Invitation", "structure"),
        ("Invoice", "seller"),  # its drafts
        ("InvoiceSettings", "structure"),
        ("LibraryFile", "structure"),
        ("Membership", "structure"),
        ("Pin", "structure"),
        ("ReasonText", "structure"),
        ("Service", "structure"),
        ("TechnicalAccount", "structure"),
    }
    stays = {
        ("ActivityEntry", "structure"),  # each has its own log
        ("Drop", "buyer"),  # what is addressed to the old one is told of the new one
        ("Entry", "structure"),  # the search's own
        ("Flow", "structure"),
        ("BodyFigures", "body"),  # counted anew
        ("Invoice", "second_validator"),
        ("Invoice", "validator"),
        ("Invoice", "moe"),
        ("Invoice", "moa"),
        ("Webhook", "structure"),  # its program knows the old one: made again for the new one
        ("Invoice", "buyer"),
        ("Structure", "origin"),
        ("Ticket", "body"),  # whoever was asked goes on answering
        ("Ticket", "structure"),
    }
    assert naming == carried | stays


def test_the_page_declares_it(workshop: Structure) -> None:
    client = Client()
    client.force_login(managing(workshop).account)
    address = f"/structures/{workshop.uid}/nouveau-siret/"
    assert client.post(address, {"siret": NEW, "siret_confirmed": NEW}).status_code == 403  # a proof first
    proved(client)
    assert "pas les mêmes" in client.post(address, {"siret": "73282932000074"}).content.decode()
    answer = client.post(address, {"siret": NEW, "siret_confirmed": NEW})
    heir = Structure.objects.get(identifier=NEW)
    assert answer.headers["Location"] == f"/structures/{heir.uid}/"
    page = client.get(f"/structures/{workshop.uid}/").content.decode()
    assert f"/structures/{heir.uid}/" in page
    assert "a un nouveau numéro" in page.replace("\u00a0", " ")
