"""Each invoice of a flow is sent in its own supplier's name: the sender needs the right to send there, then."""

from __future__ import annotations

import pytest

from plainchant.portal.flows import lots
from plainchant.portal.flows.models import FlowInvoice, State
from plainchant.portal.flows.operations import process
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.time import now
from plainchant.portal.rights.profiles import AccessProfile
from plainchant.portal.structures.grants import give
from plainchant.portal.structures.models import Membership
from tests.making import a_member, a_structure, a_town, an_attachment, mandated
from tests.portal.flows.making_flows import archive, invoice, sent
from tests.portal.flows.tables import a_row, a_table

pytestmark = pytest.mark.django_db


@pytest.fixture
def at():
    return now()


@pytest.fixture
def town(at):
    return a_town(at=at, address_line="1 place du Marché", postcode="99120")


@pytest.fixture
def seller(at):
    return a_structure(at=at, address_line="1 rue des Essais", postcode="99120")


@pytest.fixture
def user(seller, at):
    return a_member(structure=seller, at=at)


@pytest.fixture
def other(user, at):
    """Another structure, which the same person manages."""
    structure = a_structure(at=at, name="Atelier du Bac", address_line="2 rue des Essais", postcode="99120")
    an_attachment(person=user, structure=structure, at=at, is_manager=True)
    return structure


@pytest.fixture(params=["electronic invoices", "a table"])
def flow(request, seller, user, other, town, at):
    """One invoice of each of the two, not processed yet."""
    if request.param == "a table":
        mandated(seller, other, by=user, at=at)
        rows = [a_row(f"F-{one.name}", seller=one.identifier, buyer=town.identifier) for one in (seller, other)]
        content, name = a_table(rows), "novembre.xlsx"
    else:
        lot = {
            f"{one.name}.xml": invoice(f"F-{one.name}", seller=one.identifier, buyer=town.identifier)
            for one in (seller, other)
        }
        content, name = archive(lot), "lot.tar.gz"
    return sent(content, structure=seller, user=user, at=at, name=name, processed=False)


def only_the_first_is_taken(flow, seller, at) -> bool:
    process(flow=flow, at=at)
    flow.refresh_from_db()
    refused = FlowInvoice.objects.get(flow=flow, invoice__isnull=True)
    return (
        flow.state == State.PARTLY
        and Invoice.objects.get().seller == seller
        and [finding["rule"] for finding in refused.findings] == ["FLUX-FOURNISSEUR"]
    )


def test_both_are_taken_where_the_sender_may_send(flow, at):
    process(flow=flow, at=at)
    assert Invoice.objects.count() == 2


def test_following_a_supplier_is_not_sending_for_it(flow, seller, other, at):
    mine = Membership.objects.get(structure=other)
    Membership.objects.filter(pk=mine.pk).update(is_manager=False)
    give(holder=mine, profiles=[AccessProfile.FOLLOW])
    assert only_the_first_is_taken(flow, seller, at)


def test_an_attachment_that_ended_since_the_flow_came_gives_nothing(flow, seller, other, at):
    Membership.objects.filter(structure=other).update(state=Membership.State.REMOVED)
    assert only_the_first_is_taken(flow, seller, at)


def test_a_right_that_goes_between_the_verdict_and_the_lot_stops_that_supplier_alone(
    flow, seller, other, at, monkeypatch
):
    real = lots.deposit_lot

    def meanwhile(**given):
        Membership.objects.filter(structure=other).update(state=Membership.State.DISABLED)
        return real(**given)

    monkeypatch.setattr(lots, "deposit_lot", meanwhile)
    assert only_the_first_is_taken(flow, seller, at)
