"""One supplier is begun again: all that it sent is gone with its documents, and others keep theirs."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.apps import apps
from django.core.files.storage import storages
from django.db import DatabaseError, connection, transaction

from plainchant.portal.drafts.operations import submit
from plainchant.portal.flows.models import FlowInvoice
from plainchant.portal.invoices.models import Invoice, StatusChange
from plainchant.portal.rights.actor import Actor
from plainchant.portal.store.models import StoredFile
from plainchant.portal.structures.models import Structure
from plainchant.sandbox.forgetting import forget
from tests.making import a_draft, a_member, a_structure, a_town
from tests.portal.flows.making_flows import archive, sent
from tests.portal.flows.making_flows import invoice as xml

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="a sandbox runs on SQLite"),
]


def busy(at: datetime, town: Structure) -> Structure:
    """A supplier that has sent two invoices by a flow."""
    seller = a_structure(at=at)
    names = {f"{number}.xml": xml(number, seller=seller.identifier, buyer=town.identifier) for number in ("F-8", "F-9")}
    sent(archive(names), structure=seller, user=a_member(structure=seller, at=at), at=at)
    return seller


def everything() -> dict[str, int]:
    return {model._meta.db_table: model._default_manager.count() for model in apps.get_models()}


def test_nothing_of_it_is_left_and_the_other_has_all(at: datetime) -> None:
    town = a_town(at=at)
    other = busy(at, town)
    kept = set(StoredFile.objects.values_list("path", flat=True))
    before = everything()
    again = busy(at, town)
    user = again.memberships.get().user
    draft = a_draft(seller=again, user=user, at=at, buyer=town).draft
    submit(draft=draft, actor=Actor(user), at=at)
    paths = set(StoredFile.objects.values_list("path", flat=True)) - kept
    assert forget(again) == 3
    assert Invoice.objects.filter(seller=other).count() == 2
    assert FlowInvoice.objects.filter(invoice__seller=other).count() == 2
    more = {name for name, count in everything().items() if count != before[name]}
    assert more <= {
        "structures_structure", "structures_membership", "structures_grant", "accounts_user",  # of its people
        "mail_message", "queue_job", "store_handedin",
    }  # fmt: skip
    assert paths
    assert not any(storages["documents"].exists(path) for path in paths)
    assert all(storages["documents"].exists(path) for path in kept)
    histories = StatusChange.objects.filter(invoice__seller=other)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        histories.update(comment="rewritten")
