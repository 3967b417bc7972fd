"""Whatever one tenant does, another sees the same: sequences of requests that the pages themselves suggest, at random.

A few here; ten thousand by hand, with PLAINCHANT_TEST_SEQUENCES=10000, or those from 5000 on with 5000-10000.
"""

from __future__ import annotations

import os
import random
import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from lxml import html

from plainchant.access.table import TABLE
from plainchant.portal.accounts.models import User
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import Structure
from plainchant.web.routes import declared_routes
from tests.access.test_isolation import OBJECT_ROUTES, World, a_world, addresses, at_object
from tests.making import a_member, an_attachment

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

*_first, _last = map(int, os.environ.get("PLAINCHANT_TEST_SEQUENCES", "4").split("-"))
SEQUENCES = range(*_first, _last)
TOGETHER = 8  # sequences of one world, on what the ones before have changed; looking at all rows takes longer than any
STEPS = 4
# What somebody may always do to others is ask: to join them, for one. They see that.
ASKED = {
    "DECIDE_MEMBERSHIP",
    "MANAGE_MEMBERSHIP",
    "MANAGE_INVITATION",
    "DECIDE_DELEGATION",  # somebody asks to act for them
    "RETURN_DELEGATION",  # somebody lets them act
    "SEE_VALIDATION_INVOICE",  # somebody names them as the validator
    "SEE_VALIDATION_FILE",
    "VALIDATE_INVOICE",
    "VALIDATE_AS_SECOND",
    "SEE_WORKS_PIECE",  # somebody names them for works
    "SEE_WORKS_FILE",
    "WORK_AS_MOE",
    "WORK_AS_MOA",
}
Rows = dict[object, str]
# The pages that only show what the mailbox of development has received, from everybody to everybody; and the way out.
LEFT_OUT = re.compile(r"^/(courriels|compte/deconnexion)")
_UID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
LISTS = ("/", "/factures/", "/recues/", "/recues/toutes/", "/structures/", "/pieces/", "/flux/")


@dataclass
class Form:
    """One that a page showed: where it is sent, and the fields with what they held or offered."""

    address: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


@dataclass
class Two:
    """Two worlds side by side, and what the first sees before anything happens."""

    watched: World
    other: World
    people: list[User]  # of the other
    places: list[str]  # addresses of the other's pages
    rows: dict[str, Rows]
    pages: dict[str, str]
    forms: dict[tuple[int, str], list[Form]] = field(default_factory=dict)  # person, page → what it was found to ask


@pytest.fixture(scope="module")
def two(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> Iterator[Two]:
    with once_a_module():
        watched, other = a_world(at=at), a_world(at=at)
        # One person who may do all that this side can do, so that much of what is tried succeeds.
        everywhere = a_member(structure=other.sent.seller, at=at, name="Partout")
        an_attachment(person=everywhere, structure=Structure.objects.get(received_invoices=other.sent), at=at)
        people = [other.artist, other.agent, everywhere, *other.strangers.values()]
        plain = sorted({address for address, _, _ in declared_routes() if "<" not in address and "?P" not in address})
        about = [place for address in sorted(OBJECT_ROUTES) for place in addresses(other, address)]
        places = [place for place in [*plain, *about] if not LEFT_OUT.match(place)]
        yield Two(watched, other, people, places, rows_of(watched), pages_of(watched))


def test_nothing_that_one_tenant_does_changes_what_another_sees(two: Two) -> None:
    answered: Counter[int] = Counter()
    for first in range(0, len(SEQUENCES), TOGETHER):
        with transaction.atomic():
            done = {number: _sequence(two, random.Random(number)) for number in SEQUENCES[first : first + TOGETHER]}
            now = rows_of(two.watched)
            changed = [name for name, rows in two.rows.items() if _differs(rows, now[name], name)]
            assert not changed, f"one of {len(done)} sequences changed {changed}: {done}"
            if first % (4 * TOGETHER) == 0:  # what is made of those rows, which takes longer to look at
                shown = pages_of(two.watched)
                assert shown == two.pages, f"one of {len(done)} sequences changed a page: {done}"
            transaction.set_rollback(True)
        answered.update(status for steps in done.values() for *_, status in steps)
    assert not [status for status in answered if status >= 500]
    # It is worth its time only if much of what is tried is done; of a few sequences, chance may do nothing.
    assert answered[302] or len(SEQUENCES) < 40, answered


def _sequence(two: Two, rng: random.Random) -> list[tuple[str, str, int]]:
    done = []
    user = rng.choice(two.people[:3] if rng.random() < 0.8 else two.people)  # the others have little to do
    client = Client()
    client.force_login(user)
    for _ in range(STEPS):
        if rng.random() < 0.2:
            address = rng.choice(sorted(OBJECT_ROUTES))
            place = at_object(address, rng.choice(_uids(rng.choice([two.watched, two.other]))))
            answer = client.get(place)
            answer.close()
            done.append(("get", place, answer.status_code))
            continue
        forms = next(filter(None, (_forms(two, user, client, rng.choice(two.places)) for _ in range(9))), None)
        if forms is None:
            continue
        form = rng.choice(forms)
        data: dict[str, Any] = {name: _value(values, two, rng) for name, values in form.fields.items()}
        for name in form.files:
            data[name] = SimpleUploadedFile("rib.txt", b"%d" % rng.randrange(99))
        place = form.address if rng.random() < 0.5 else _elsewhere(form.address, two, rng)
        answer = client.post(place, data)
        answer.close()
        done.append(("post", place, answer.status_code))
    return done


def _value(values: list[str], two: Two, rng: random.Random) -> Any:
    draw = rng.random()
    if draw < 0.7:
        return rng.choice(values)
    if draw < 0.8:
        return str(rng.choice(_uids(two.watched)))
    return rng.choice(["", "1", "yes", "12,50", "31/12/2026", "x" * 300, two.watched.sent.number, "é\u202e<b>"])


def _uids(world: World) -> list[uuid.UUID]:
    return sorted({uid for uids in world.objects.values() for uid in uids})


def _elsewhere(address: str, two: Two, rng: random.Random) -> str:
    """The same form, sent to an object of the one who is watched: mostly of the same kind."""
    names = OBJECT_ROUTES.get(_UID.sub("<uuid:uid>", address), set())
    alike = sorted({uid for name in names for uid in two.watched.objects[name]})
    return _UID.sub(str(rng.choice(alike if alike and rng.random() < 0.8 else _uids(two.watched))), address)


def _forms(two: Two, user: User, client: Client, place: str) -> list[Form]:
    """What this person's page asks, as it was before anything happened or is now: it is looked at once."""
    if (user.pk, place) not in two.forms:
        answer = client.get(place)
        answer.close()  # a document is streamed
        is_page = answer.status_code == 200 and answer.get("Content-Type", "").startswith("text/html")
        found = []
        if is_page and not answer.streaming and answer.content.strip():
            found = [made for form in html.fromstring(answer.content).forms if (made := _form(form, place))]
        two.forms[user.pk, place] = found
    return two.forms[user.pk, place]


def _form(form: Any, place: str) -> Form | None:
    address = form.get("action") or form.get("hx-post") or place
    if (form.method or "GET").upper() != "POST" or LEFT_OUT.match(address) or not address.startswith("/"):
        return None
    found = Form(address.partition("?")[0])
    for control in form.inputs:
        name, kind = control.get("name"), control.get("type", "")
        if not name or name == "csrfmiddlewaretoken":
            continue
        if kind == "file":
            found.files.append(name)
        elif control.tag == "select":
            found.fields[name] = [option for option in control.value_options if option] or [""]
        else:
            found.fields.setdefault(name, []).append(control.get("value") or (control.text or "").strip())
    for button in form.iterfind(".//button[@name]"):
        found.fields.setdefault(button.get("name"), []).append(button.get("value", ""))
    return found


def rows_of(world: World) -> dict[str, Rows]:
    """All that the people of a world reach by each permission: the rows, whole, by their keys."""
    seen: dict[str, Rows] = {}
    for user in (world.artist, world.agent):
        for permission in TABLE:
            if permission.scope is not None:
                reached = permission.reached_by(Actor(user))
                rows = reached.model.objects.filter(pk__in=[row.pk for row in reached.order_by()])
                seen[f"{user.first_name} {permission.name}"] = {row[0]: str(row) for row in rows.values_list()}
    return seen


def _differs(before: Rows, now: Rows, name: str) -> bool:
    """Whether one that was there is gone or another, or there is one more that nobody could have asked for."""
    return bool(before.items() - now.items() or (now.keys() - before.keys() and name.split()[-1] not in ASKED))


def pages_of(world: World) -> dict[str, str]:
    """The words of their lists and of their first page, the counts of the menu among them."""
    seen = {}
    for user in (world.artist, world.agent):
        client = Client()
        client.force_login(user)
        for address in LISTS:
            content = client.get(address, follow=True).content
            seen[f"{user.first_name} {address}"] = " ".join("".join(html.fromstring(content).itertext()).split())
    return seen
