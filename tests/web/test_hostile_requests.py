"""No query string and no form answers with a 500, whoever sends it and whatever is in it."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import transaction
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.web.routes import declared_routes
from tests.making import a_draft, a_member, a_structure, a_town

pytestmark = [pytest.mark.django_db, pytest.mark.long]

# Each pass asks every page: what keeps nothing else from doing harm is sent together.
HOSTILE = [
    pytest.param("a\x00b", id="NUL"),
    # No column holds as many, and Python still reads them as a number.
    pytest.param("9" * 4_100, id="too long and too big"),
    # SQL, the syntax of a search, bytes that are no UTF-8, right to left, a template, a script, a path.
    pytest.param(
        """' OR 1=1; -- "a* OR NEAR( ! & | :* \\" a\udc80b ../../../../etc/passwd """
        "{{ settings.SECRET_KEY }}{% debug %} <script>alert(1)</script> \u202efdp.exe",
        id="syntax",
    ),
]
FIELDS = (
    "q page status vue destinataire buyer buyer_service commitment number issue_date tax_amount comment email email2 "
    "first_name last_name siret password login name label iban bic reason_code payment_order seller terms next seen go"
).split()
PLAIN: dict[str, list[str]] = {}  # who has business there → addresses without an object
for _address, _, _permission in declared_routes():
    if "<" not in _address and "(?P" not in _address and _address != "/compte/deconnexion/":
        _receives = _permission.right in (Right.PROCESS, Right.PAY) or _address.startswith("/recues/")
        _who = "nobody" if _permission.anonymous else "the agent" if _receives else "the artist"
        if _address not in PLAIN.setdefault(_who, []):
            PLAIN[_who].append(_address)


@pytest.fixture
def people(at: datetime) -> dict[str, Client]:
    seller, town = a_structure(at=at), a_town(at=at)
    artist, agent = a_member(structure=seller, at=at, is_manager=True), a_member(structure=town, at=at, name="Basile")
    return {"nobody": Client(), "the artist": _logged_in(artist), "the agent": _logged_in(agent)}


def _logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _query(value: str) -> str:
    from urllib.parse import quote

    return "&".join(f"{field}={quote(value.encode('utf-8', 'surrogateescape'))}" for field in FIELDS)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_queries_and_forms_never_break_a_page(people: dict[str, Client], hostile: str) -> None:
    body = _query(hostile)
    for who, client in people.items():
        for address in PLAIN[who]:
            read = client.get(f"{address}?{body}")
            assert read.status_code < 500, f"{who}: GET {address}"
            assert read.streaming or b"<script>alert(1)" not in read.content, f"{who}: GET {address}"
            written = client.post(address, body, content_type="application/x-www-form-urlencoded")
            assert written.status_code < 500, f"{who}: POST {address}"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_forms_never_break_a_draft(at: datetime, hostile: str) -> None:
    seller = a_structure(at=at)
    artist = a_member(structure=seller, at=at, is_manager=True)
    draft = a_draft(seller=seller, user=artist, at=at, buyer=a_town(at=at))
    client = _logged_in(artist)
    # Elsewhere it is not found, whatever is sent.
    addresses = {
        address
        for address, _, row in declared_routes()
        if "<uuid:uid>" in address and row.scope and row.reached_by(Actor(artist)).filter(uid=draft.uid).exists()
    }
    assert len(addresses) > 20
    for address in sorted(addresses):
        real = address.replace("<uuid:uid>", str(draft.uid)).replace("<int:number>", "1").replace("<slug:action>", "x")
        with transaction.atomic():  # one of the forms deletes it
            answer = client.post(real, _query(hostile), content_type="application/x-www-form-urlencoded")
            transaction.set_rollback(True)
        assert answer.status_code < 500, real
        read = client.get(f"{real}?{_query(hostile)}")
        b"".join(read)  # and closed: `close` alone would close the database's connection too
        assert read.status_code < 500, real
