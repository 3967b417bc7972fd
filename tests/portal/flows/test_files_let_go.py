"""The file of a flow in which nothing was right goes after a while; what was said of it stays."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from plainchant.portal.flows.letting_go import kept_in_vain, let_go
from plainchant.portal.flows.models import Flow, State
from plainchant.portal.flows.report import as_object
from plainchant.portal.store.models import PendingFile, StoredFile
from tests.making import a_member, a_structure, a_town
from tests.portal.flows.making_flows import archive, invoice, sent

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def test_only_the_file_of_a_flow_that_was_rejected_whole_and_long_ago_goes(at: datetime) -> None:
    seller, town = a_structure(at=at), a_town(at=at)
    user = a_member(structure=seller, at=at)

    def flow(number: str, *buyers: str, since: timedelta) -> Flow:
        files = {
            f"{place}.xml": invoice(f"{number}-{place}", seller=seller.identifier, buyer=buyer)
            for place, buyer in enumerate(buyers)
        }
        made = sent(archive(files), structure=seller, user=user, at=at)
        Flow.objects.filter(pk=made.pk).update(state_at=at - since)
        made.refresh_from_db()
        return made

    long, short = timedelta(days=100), timedelta(days=10)
    nobody = "99999999999999"
    old, recent = flow("A", nobody, since=long), flow("B", nobody, since=short)
    partly = flow("C", nobody, town.identifier, since=long)
    assert (old.state, partly.state) == (State.REJECTED, State.PARTLY)
    before = at - timedelta(days=90)
    report, path = as_object(old), old.stored.path
    assert let_go(before=before, at=at) == 1
    assert not kept_in_vain(before=before).exists()
    old = Flow.objects.get(pk=old.pk)
    assert (old.stored, as_object(old)) == (None, report)
    assert [row.path for row in PendingFile.objects.filter(path=path)] == [path], "the next orphans take it"
    assert StoredFile.objects.filter(pk__in=[recent.stored_id, partly.stored_id]).count() == 2
