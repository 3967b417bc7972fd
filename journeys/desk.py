"""The invoices of the journeys to the payment, each where its journey begins, made in a portal that runs."""

from __future__ import annotations

from datetime import datetime, timedelta

from journeys.arriving import Made, print_world

ARTIST, AGENT, READER, ARCHITECT, FULBERT = "artist", "agent", "reader", "architect", "fulbert"
READER_EMAIL = "odile@journees.example"
# One for each journey.
SUSPENDED, SENT_BACK, REJECTED, IN_PART, LATE, PAID, SHORT = (
    "BUREAU-1", "BUREAU-2", "BUREAU-3", "BUREAU-4", "BUREAU-5", "BUREAU-6", "BUREAU-7",
)  # fmt: skip
VALIDATED = "LR-2026-016"  # of the demonstration: the architect is named, and is not the right one


def made() -> Made:
    from django.db import transaction
    from django.utils.timezone import now

    from plainchant.demo import cast, directory
    from plainchant.portal.accounts.models import User
    from plainchant.portal.drafts.operations import submit
    from plainchant.portal.invoices import digests
    from plainchant.portal.invoices.lifecycle import Action
    from plainchant.portal.invoices.models import Invoice
    from plainchant.portal.invoices.operations import process, record_notification
    from plainchant.portal.lib.time import day_in_paris
    from plainchant.portal.mail.models import Message
    from plainchant.portal.mail.operations import record_sent
    from plainchant.portal.notices.models import Digest
    from plainchant.portal.notices.rhythms import Rhythm, last_list
    from plainchant.portal.rights.actor import Actor
    from plainchant.portal.rights.profiles import AccessProfile
    from plainchant.portal.structures.models import Structure
    from tests.making import a_draft, a_person, an_attachment, made_available, mandated

    at = now()
    yesterday = last_list(rhythm=Rhythm.DAILY, at=at) - timedelta(hours=2)  # the newest list tells of it
    of_cast = {ARTIST: cast.ARTIST, AGENT: cast.TOWN_AGENT, ARCHITECT: cast.ARCHITECT, FULBERT: cast.BOOKKEEPER}
    people = {name: User.objects.get(email=person.email) for name, person in of_cast.items()}
    artist, agent = people[ARTIST], Actor(people[AGENT])
    workshop = Structure.objects.get(identifier=cast.SCULPTOR_WORKSHOP.siret)
    town = Structure.objects.get(identifier=directory.TOWN_HALL)
    reader = people[READER] = a_person(at=at, name="Odile", email=READER_EMAIL)
    mandated(workshop, by=artist, at=at)

    def arrived(number: str, at: datetime) -> Invoice:
        day = day_in_paris(at)
        # In one transaction: the workers of the portal would take it on their own way, today.
        with transaction.atomic():
            invoice = a_draft(
                seller=workshop, user=artist, buyer=town, at=at, number=number, buyer_service="CULTURE", issue_date=day
            )
            submit(draft=invoice.draft, actor=Actor(artist), at=at)
            made_available(invoice=invoice, at=at)
            for message in Message.objects.filter(sent_at__isnull=True):
                record_sent(message=message, at=at)
                record_notification(message=message, at=at)
        invoice.refresh_from_db()
        return invoice

    addresses = {}
    for number in (SUSPENDED, SENT_BACK, REJECTED, IN_PART, LATE, PAID, SHORT):
        invoice = arrived(number, at - timedelta(days=60) if number == LATE else yesterday)
        addresses[number] = str(invoice.uid)
        if number in (PAID, SHORT):
            process(invoice=invoice, action=Action.ORDER_PAYMENT, actor=agent, at=at, payment_order="M-2026-90")
    addresses[VALIDATED] = str(Invoice.objects.get(number=VALIDATED).uid)
    addresses["publisher"] = cast.PUBLISHER.siret
    with transaction.atomic():  # the portal would ask for the list too
        an_attachment(
            person=reader, structure=town, at=at - timedelta(days=60), profiles=[AccessProfile.READ], services=[]
        )
        Digest.objects.filter(user=reader).delete()
        assert digests.tell(person=reader, rhythm=Rhythm.DAILY, at=at)
    return people, addresses


if __name__ == "__main__":
    print_world(made)
