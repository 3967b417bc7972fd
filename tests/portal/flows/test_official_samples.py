"""Every official sample of Chorus Pro, handed in as a flow: taken or refused as the platform does."""

from __future__ import annotations

from pathlib import Path

import pytest

from plainchant.einvoice.check import check, chorus_data_of
from plainchant.portal.flows.models import FlowInvoice, State
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.structures.models import IdentifierType, Membership, Structure
from tests.making import a_member, a_structure, a_town
from tests.portal.flows.making_flows import archive, sent

pytestmark = pytest.mark.django_db


def samples(shared: Path) -> list[Path]:
    folder = shared / "corpora/aife"
    return sorted([*folder.glob("aife-fso1116a-cii/*.xml"), *folder.glob("aife-fso1117a-facturx/*.pdf")])


def everyone_in(paths: list[Path], sender, at) -> None:
    """The suppliers, to whom the sender is attached, and the recipients, with the services that are named."""
    for path in paths:
        verdict = check(path.read_bytes(), at=day_in_paris(at))
        if verdict.reading is None:
            continue
        data = chorus_data_of(verdict)
        if data.seller and not Structure.objects.filter(identifier=data.seller.value).exists():
            seller = a_structure(at=at, identifier=data.seller.value, identifier_type=IdentifierType.SIRET)
            Membership.objects.create(
                user=sender, structure=seller, state=Membership.State.ACCEPTED, requested_at=at, decided_at=at
            )
        if data.buyer is None:
            continue
        siret = data.buyer.value
        body = Structure.objects.filter(identifier=siret).first() or a_town(at=at, identifier=siret, name=siret)
        if data.buyer_service:
            body.services.get_or_create(code=data.buyer_service.value, defaults={"name": "Service"})


def test_each_sample_gets_the_platforms_answer(shared: Path) -> None:
    at = now()
    paths = samples(shared)
    assert len(paths) == 60
    own = a_structure(at=at)
    sender = a_member(structure=own, at=at)
    everyone_in(paths, sender, at)
    flow = sent(
        archive({path.name: path.read_bytes() for path in paths}), structure=own, user=sender, at=at, name="aife.tar.gz"
    )
    refused = {row.name: row.findings for row in FlowInvoice.objects.filter(flow=flow, invoice__isnull=True)}
    # The samples are cases, not a year's business: some reuse a number of the same supplier.
    again = {name for name, findings in refused.items() if findings[0]["rule"] == "CPRO-G2.07"}
    taken = set(Invoice.objects.values_list("number", flat=True))
    assert {FlowInvoice.objects.get(flow=flow, name=name).number for name in again} <= taken
    assert {name: [one["rule"] for one in refused[name]] for name in set(refused) - again} == {
        "FSO1116A_P01.xml": ["XSD"]
    }
    assert flow.state == State.PARTLY
    assert Invoice.objects.count() == flow.accepted == 60 - 1 - len(again)
