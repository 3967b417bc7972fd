"""What strangers write reaches others by mail: as text that leads nowhere, under the name of who wrote it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from plainchant.portal.mail.mails import Mail
from plainchant.portal.mail.models import Message
from plainchant.portal.mail.operations import post
from plainchant.portal.mail.strangers import named, without_links
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures import memberships
from tests.making import a_member, a_person, a_structure


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("https://plainchant-impots.example/payer", "plainchant-impots . example/payer"),
        ("HTTP://A.EXAMPLE", "A . EXAMPLE"),
        ("www.a.example", "www . a . example"),
        ("Urgent: a-b.co/x?y=1", "Urgent: a-b . co/x?y=1"),
        ("voir impots.gouv-fr.info", "voir impots . gouv-fr . info"),
        ("a\u200b.exam\u2060ple", "a . example"),
        ("a\uff0eexample", "a . example"),
        ("facture.zip", "facture . zip"),
        ("hxxp:///ex.example", "ex . example"),
    ],
)
def test_a_link_of_somebody_else_leads_nowhere(typed: str, shown: str) -> None:
    assert without_links(typed) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "S.A.R.L. Dupont",
        "1.250,00 EUR",
        "art. R2192-15",
        "facture-F-1.pdf",
        "lot.tar.gz",
        "ada@studio.example",
        "M. Dupont",
    ],
)
def test_what_is_no_link_stays_as_it_is(typed: str) -> None:
    assert without_links(typed) == typed


def test_links_of_this_portal_stay_and_those_that_only_begin_like_them_do_not(settings: Any) -> None:
    settings.PUBLIC_URL = "https://factures.example.org"
    ours = "Ouvrir : https://factures.example.org/recues/1-2/"
    assert without_links(ours) == ours
    assert "https://" not in without_links("https://factures.example.org.evil.example/recues/")
    assert "https://" not in without_links("https://factures.example.org@evil.example/")


def test_a_name_stands_between_quotation_marks_that_it_cannot_close() -> None:
    assert named("Mairie »\n\nPayez ici : «") == '«\u00a0Mairie " Payez ici : "\u00a0»'


@pytest.mark.django_db
@pytest.mark.one_database
def test_no_mail_carries_a_link_that_a_stranger_typed(at: datetime) -> None:
    link = "https://impots.example/payer"
    structure = a_structure(at=at, name=f"Direction {link}")
    a_member(structure=structure, at=at, is_manager=True)
    stranger = a_person(at=at, name="Eve www.eve.example", email="eve@studio.example")
    memberships.ask_to_join(structure=structure, comment=f"Vite\n\n{link}", actor=Actor(stranger), at=at)
    post(kind="x", event="1", recipient="a@b.example", mail=Mail(f"Direction {link}", link), at=at)
    messages = list(Message.objects.all())
    assert len(messages) >= 2
    for message in messages:
        text = f"{message.subject}\n{message.body}"
        text += str(message.content)
        assert "impots.example" not in text
        assert "eve.example" not in text
    asked = next(message for message in messages if "rattach" in message.subject)
    assert "Son message\u00a0: «\u00a0Vite impots . example/payer\u00a0»" in asked.body
