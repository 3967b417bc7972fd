"""The people, structures and drafts of `test_people_and_rights`, made in a portal that runs.

A process of its own, with the settings of that portal: those of the tests are others.

Prints as JSON the cookie of each person, already logged in, and the addresses that the journeys begin at.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from typing import Any

import django

TOWN, NADIA, COLLEAGUE, FULBERT, INES, ARTIST, COLETTE, AUGUSTE, ZOE, DENISE = (
    "town", "nadia", "colleague", "fulbert", "ines", "artist", "colette", "auguste", "zoe", "denise",
)  # fmt: skip


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "plainchant.config.settings"
    django.setup()
    sys.stdout.write(json.dumps(_world()))


def _world() -> dict[str, Any]:
    from django.test import override_settings

    # Nobody here logs in with a password but the cast of the demonstration.
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        people, addresses = _made()
    return {
        "addresses": addresses,
        "cookies": {name: _cookie(person, is_proved=name != ARTIST) for name, person in people.items()},
    }


def _made() -> tuple[dict[str, Any], dict[str, str]]:
    from django.utils.timezone import now

    from plainchant.demo import cast, directory
    from plainchant.portal.accounts.models import User
    from plainchant.portal.drafts.operations import submit
    from plainchant.portal.invoices.models import Invoice
    from plainchant.portal.lib.time import day_in_paris
    from plainchant.portal.rights.actor import Actor
    from plainchant.portal.rights.profiles import AccessProfile
    from plainchant.portal.structures.delegations import Terms, delegate
    from plainchant.portal.structures.models import Structure
    from tests.making import a_draft, a_person, a_structure, an_attachment

    at = now()
    long_ago = at - timedelta(days=60)  # who has just joined confirms no bank account
    cast_of = {TOWN: cast.TOWN_AGENT, FULBERT: cast.BOOKKEEPER, ARTIST: cast.ARTIST}
    people = {name: User.objects.get(email=person.email) for name, person in cast_of.items()}
    names = {NADIA: "Nadia", COLLEAGUE: "Odilon", INES: "Inès", COLETTE: "Colette", AUGUSTE: "Auguste", ZOE: "Zoé"}
    names[DENISE] = "Denise"
    people |= {key: a_person(at=long_ago, name=name, email=f"{key}@journees.example") for key, name in names.items()}
    workshop = Structure.objects.get(identifier=cast.SCULPTOR_WORKSHOP.siret)
    publisher = Structure.objects.get(identifier=cast.PUBLISHER.siret)
    an_attachment(person=people[COLLEAGUE], structure=workshop, at=long_ago)
    an_attachment(person=people[INES], structure=publisher, at=long_ago)
    own = a_structure(at=at, name="Zoé Brume EI")
    an_attachment(person=people[ZOE], structure=own, at=long_ago, is_manager=True)

    collective = a_structure(at=at, name="Les Ateliers réunis", identifier=directory.siret(90_010))
    an_attachment(person=people[COLETTE], structure=collective, at=long_ago, is_manager=True)
    buyer = Structure.objects.get(identifier=directory.TOWN_WITHOUT_DEMANDS)
    terms = Terms(profiles=[AccessProfile.INVOICE], begins_on=day_in_paris(at))
    addresses: dict[str, str] = {}
    for number, name in enumerate(("Auguste Landier EI", "Berthe Solin EI", "Clovis Ronceray EI"), 11):
        artist = a_structure(at=at, name=name, identifier=directory.siret(90_000 + number))
        owner = people[AUGUSTE] if number == 11 else a_person(at=at, name=name.split()[0])
        an_attachment(person=owner, structure=artist, at=long_ago, is_manager=True)
        delegate(structure=artist, siret=collective.identifier, terms=terms, actor=Actor(owner), at=at)
        invoice = a_draft(seller=artist, user=people[COLETTE], buyer=buyer, at=at, number=f"ATELIERS-{number}")
        if number == 11:  # the journey sends this one
            addresses |= {"draft": f"/deposer/{invoice.uid}/", "invoice": f"/factures/{invoice.uid}/"}
            addresses["delegations"] = f"/structures/{artist.uid}/delegations/"
        else:
            submit(draft=invoice.draft, actor=Actor(people[COLETTE]), at=at)

    # An architect: two pieces of one site wait for her, a sub-contractor's and one of works.
    plans = a_structure(at=at, name="Atelier des Plans", identifier=directory.siret(90_020))
    an_attachment(person=people[DENISE], structure=plans, at=long_ago, is_manager=True)
    builder = a_structure(at=at, name="Maçonnerie du Val", identifier=directory.siret(90_021))
    mason = a_person(at=at, name="Basile")
    an_attachment(person=mason, structure=builder, at=long_ago, is_manager=True)
    for number, named in (
        ("CHANTIER-3", {"billing_framework": "A4", "moe": plans}),
        ("CHANTIER-7", {"billing_framework": "A9", "validator": plans, "contract": "M-2026-4"}),
    ):
        piece = a_draft(seller=builder, user=mason, buyer=buyer, at=at, number=number, **named)
        submit(draft=piece.draft, actor=Actor(mason), at=at)
    return people, {
        "plans": f"/structures/{plans.uid}/",
        **addresses,
        "workshop": f"/structures/{workshop.uid}/",
        "publisher": f"/structures/{publisher.uid}/",
        "join": f"/structures/ajouter/{directory.TOWN_HALL}/",
        "town": f"/structures/{Structure.objects.get(identifier=directory.TOWN_HALL).uid}/",
        "other_service": f"/recues/{Invoice.objects.get(number='LR-2026-013').uid}/",
        "new_siret": directory.siret(190_002),  # the publisher's second establishment
    }


def _cookie(person: Any, *, is_proved: bool) -> str:
    """``is_proved``: asked for no other proof during the journeys."""
    from django.conf import settings
    from django.test import Client

    from tests.web.proving import proved

    client = Client()
    client.force_login(person)
    if is_proved:
        proved(client, ago=-3600)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


if __name__ == "__main__":
    main()
