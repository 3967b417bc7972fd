"""A supplier, a town, and the supplier's program, made once a module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.cache import cache

from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import operations
from plainchant.portal.invoices.lifecycle import Action
from plainchant.portal.invoices.lots import carry_lot
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.rights.actor import Actor
from tests.api.calling import Program
from tests.making import a_draft, a_member, a_program, a_structure, a_town, an_application
from tests.portal.flows.making_flows import archive
from tests.portal.flows.making_flows import invoice as xml
from tests.portal.flows.making_flows import sent as a_flow


@pytest.fixture(scope="module")
def _built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> SimpleNamespace:
    with once_a_module():
        seller, town = a_structure(at=at, name="Atelier Lumen"), a_town(at=at, name="Commune de Valbrume")
        manager = a_member(structure=seller, at=at, name="Ada", is_manager=True)
        agent = a_member(structure=town, at=at, name="Basile", is_manager=True)
        others = a_structure(at=at, name="Atelier Sol")
        a_member(structure=others, at=at, is_manager=True)
        application, client_secret = an_application(structure=seller, at=at)

        def program(structure: object) -> Program:
            account, secret = a_program(structure=structure, at=at)  # type: ignore[arg-type]
            return Program(application, account, secret)

        return SimpleNamespace(
            at=at,
            seller=seller,
            town=town,
            manager=manager,
            agent=agent,
            client_secret=client_secret,
            program_of=program,
            program=program(seller),
            of_the_town=program(town),
            of_others=program(others),
        )


@pytest.fixture(scope="module")
def _sent(_built: SimpleNamespace, once_a_module: Callable[[], AbstractContextManager[None]]) -> SimpleNamespace:
    """Three invoices of one flow, all received, the second suspended; one that waits for its validator; a draft."""
    with once_a_module():
        at, seller, town = _built.at, _built.seller, _built.town
        firm = a_structure(at=at, name="Grand Chantier")
        a_member(structure=firm, at=at, is_manager=True)
        written = {
            f"{number}.xml": xml(number, seller=seller.identifier, buyer=town.identifier)
            for number in ("F-1", "F-2", "F-3")
        }
        flow = a_flow(archive(written), structure=seller, user=_built.manager, at=at)
        invoices = [Invoice.objects.get(number=f"F-{place}") for place in (1, 2, 3)]
        carry_lot(uids=[str(invoice.uid) for invoice in invoices], at=at)
        for invoice in invoices:
            invoice.refresh_from_db()
        operations.process(
            invoice=invoices[1],
            action=Action.SUSPEND,
            actor=Actor(_built.agent),
            at=at + timedelta(hours=1),
            reason_code="JUSTIF_ABS",
            comment="Le bon de commande.",
        )
        asked = {"billing_framework": "A9", "validator": firm, "number": "F-4"}
        to_validate = a_draft(seller=seller, user=_built.manager, at=at, buyer=town, **asked)
        submit(draft=to_validate.draft, actor=Actor(_built.manager), at=at + timedelta(minutes=5))
        a_draft(seller=seller, user=_built.manager, at=at, buyer=town, number="F-5")
        return SimpleNamespace(flow=flow, invoices=invoices, firm=firm, of_firm=_built.program_of(firm))


@pytest.fixture
def sent(_sent: SimpleNamespace, world: SimpleNamespace) -> SimpleNamespace:
    """The same, as they were made: tests change the rows and what they hold of them."""
    return SimpleNamespace(
        flow=_sent.flow,
        invoices=[Invoice.objects.get(pk=invoice.pk) for invoice in _sent.invoices],
        firm=_sent.firm,
        of_firm=_sent.of_firm,
    )


@pytest.fixture
def world(_built: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[SimpleNamespace]:
    """``program`` is the supplier's; time stands still at ``at``."""
    monkeypatch.setattr(settings, "API_RATE", 0)  # time stands still: all calls would be of one second
    monkeypatch.setattr("plainchant.api.entry.now", lambda: _built.at)
    monkeypatch.setattr("plainchant.api.oauth.now", lambda: _built.at)
    monkeypatch.setattr("tests.api.calling.now", lambda: _built.at)
    yield _built
    cache.clear()  # wrong tries
