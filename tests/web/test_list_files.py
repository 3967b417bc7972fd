"""Each list offers itself as a file: the same rows, the same order, for whoever may read it."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices.lots import carry_lot
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.rights.actor import Actor
from plainchant.web.list_files import one_turn
from tests.making import a_draft, a_member, a_structure, a_town

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture(scope="module")
def built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Any:
    """A draft and three invoices sent, two of them to one town: its clerk, and the supplier."""
    with once_a_module():
        seller, town, other = a_structure(at=at), a_town(at=at), a_town(at=at, name="Ville d’Orée")
        artist = a_member(structure=seller, at=at)
        for number in "ABCD":
            draft = a_draft(seller=seller, user=artist, at=at, buyer=other if number == "C" else town, number=number)
            if number != "D":
                submit(draft=draft.draft, actor=Actor(artist), at=at)
        sent = Invoice.objects.exclude(number="D")
        carry_lot(uids=[str(uid) for uid in sent.values_list("uid", flat=True)], at=at)
        return {"artist": artist, "clerk": a_member(structure=town, at=at, name="Basile")}


def visitor(built: Any, who: str) -> Client:
    client = Client()
    client.force_login(deepcopy(built[who]))
    return client


def numbers(answer: Any) -> list[str]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    answer.close()
    return [row[0] for row in csv.reader(io.StringIO(text), delimiter=";")][1:]


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("artist", "/factures/?tri=numero"),
        ("artist", "/factures/?tri=-numero&vue=a-faire"),
        ("artist", "/factures/?q=orée&structure="),
        ("clerk", "/recues/?tri=-numero"),
        ("clerk", "/recues/toutes/?numero=B"),
        ("clerk", "/recues/toutes/?numero=aucune"),
    ],
)
def test_the_file_that_a_list_offers_holds_its_rows(built: Any, who: str, address: str) -> None:
    client = visitor(built, who)
    page = client.get(address).text
    listed = re.findall(r"data-row-link>([^<]+)</a>", page)
    if not listed:
        assert "Exporter cette liste" not in page
        return
    (link,) = re.findall(r'href="([^"]+/export/csv/[^"]*)"', page)
    answer = client.get(html.unescape(link))
    assert answer["Content-Disposition"].startswith('attachment; filename="factures-')
    assert numbers(answer) == listed


def test_a_format_that_is_none_and_a_list_that_is_another_ones(built: Any) -> None:
    artist, clerk = visitor(built, "artist"), visitor(built, "clerk")
    assert artist.get("/factures/export/pdf/").status_code == 404
    assert numbers(artist.get("/recues/export/csv/?dans=toutes")) == []
    assert numbers(clerk.get("/factures/export/csv/")) == []
    assert Client().get("/recues/export/csv/").status_code == 302


def test_two_large_files_are_made_at_once_and_no_more(built: Any) -> None:
    with ExitStack() as turns:
        turns.enter_context(one_turn())
        turns.enter_context(one_turn())
        answer = visitor(built, "artist").get("/factures/export/xlsx/")
        assert answer.status_code == 503
        assert "Attendez une minute" in answer.text
    answer = visitor(built, "artist").get("/factures/export/xlsx/")
    assert (answer.status_code, b"".join(answer.streaming_content)[:2]) == (200, b"PK")
    answer.close()
