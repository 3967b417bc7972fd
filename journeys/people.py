"""The people, structures and drafts of `test_people_and_rights`, made in a portal that runs."""

from __future__ import annotations

from datetime import timedelta

from journeys.arriving import Made, print_world

TOWN, NADIA, COLLEAGUE, FULBERT, INES, ARTIST, COLETTE, AUGUSTE, ZOE, ARCHITECT = (
    "town", "nadia", "colleague", "fulbert", "ines", "artist", "colette", "auguste", "zoe", "architect",
)  # fmt: skip


def made() -> Made:
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
    cast_of = {TOWN: cast.TOWN_AGENT, FULBERT: cast.BOOKKEEPER, ARTIST: cast.ARTIST, ARCHITECT: cast.ARCHITECT}
    people = {name: User.objects.get(email=person.email) for name, person in cast_of.items()}
    names = {NADIA: "Nadia", COLLEAGUE: "Odilon", INES: "Inès", COLETTE: "Colette", AUGUSTE: "Auguste", ZOE: "Zoé"}
    people |= {key: a_person(at=long_ago, name=name, email=f"{key}@journees.example") for key, name in names.items()}
    workshop = Structure.objects.get(identifier=cast.SCULPTOR_WORKSHOP.siret)
    publisher = Structure.objects.get(identifier=cast.PUBLISHER.siret)
    firm = Structure.objects.get(identifier=cast.ARCHITECT_FIRM.siret)
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
    return people, {
        "firm": f"/structures/{firm.uid}/",
        **addresses,
        "workshop": f"/structures/{workshop.uid}/",
        "publisher": f"/structures/{publisher.uid}/",
        "join": f"/structures/ajouter/{directory.TOWN_HALL}/",
        "town": f"/structures/{Structure.objects.get(identifier=directory.TOWN_HALL).uid}/",
        "other_service": f"/recues/{Invoice.objects.get(number='LR-2026-013').uid}/",
        "new_siret": directory.siret(190_002),  # the publisher's second establishment
    }


if __name__ == "__main__":
    print_world(made, unproved=ARTIST)
