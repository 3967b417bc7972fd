"""A mail says the same as text and as HTML, which is made of nothing from elsewhere."""

from __future__ import annotations

import json
import re

import pytest
from lxml import etree

from plainchant.portal.mail.mails import (
    Button,
    CodeToCopy,
    Mail,
    MailFact,
    MailFacts,
    MailRow,
    MailRows,
    Part,
    from_stored,
    html,
    rows_of,
)

NOTE = Button("Choisir", "https://portail.example/compte/notifications/")
MAIL = Mail(
    "Facture <F-1>",
    "Un paragraphe & un autre.",
    "",
    MailFacts((MailFact("À payer", "10,00 EUR"),)),
    CodeToCopy("123456"),
    MailRows((MailRow("Facture F-2", "https://portail.example/recues/1/"), MailRow("et 2 autres"))),
    Button("Ouvrir la facture", "https://portail.example/recues/2/?a=1&b=2"),
    note=NOTE,
)
TEXT = """Bonjour,

Un paragraphe & un autre.

À payer\u00a0: 10,00 EUR

    123456

- Facture F-2
  https://portail.example/recues/1/
- et 2 autres

Ouvrir la facture\u00a0: https://portail.example/recues/2/?a=1&b=2

Choisir\u00a0: https://portail.example/compte/notifications/

--"""


def test_the_text_has_each_part_on_lines_of_its_own() -> None:
    assert MAIL.text().startswith(TEXT)


def test_the_html_says_all_that_the_text_says_and_leads_to_the_same_pages() -> None:
    page = etree.HTML(html(MAIL))
    words = " ".join(" ".join(page.itertext()).split())
    for said_too in ("Facture <F-1>", "Un paragraphe & un autre.", "À payer", "10,00 EUR", "123456", "et 2 autres"):
        assert said_too in words
    assert page.xpath("//a/@href") == re.findall(r"https://\S+", TEXT)


def test_the_html_asks_for_nothing_from_elsewhere_and_has_its_style_in_its_elements() -> None:
    page = etree.HTML(html(MAIL))
    assert not page.xpath("//img | //script | //link | //@src | //@background")
    assert "url(" not in html(MAIL)
    assert "background" in page.xpath("//a[text()='Ouvrir la facture']/@style")[0]


@pytest.mark.parametrize(
    "part",
    [
        "<b>gras</b>",
        Button("<b>gras</b>", "x"),
        MailFacts((MailFact("l", "<b>gras</b>"),)),
        MailRows((MailRow("<b>gras</b>"),)),
    ],
)
def test_what_others_wrote_is_never_markup(part: Part) -> None:
    assert "<b>" not in html(Mail("<b>", part))


def test_a_mail_comes_back_from_the_database_as_it_was_written() -> None:
    again = from_stored(subject=MAIL.subject, stored=json.loads(json.dumps(MAIL.stored())))
    assert (again.subject, again.parts, again.note) == (MAIL.subject, MAIL.parts, MAIL.note)


def test_each_text_goes_through_what_breaks_links_and_our_own_addresses_do_not() -> None:
    shouted = MAIL.through(str.upper)
    assert shouted.subject == "FACTURE <F-1>"
    assert "UN PARAGRAPHE" in shouted.text()
    assert "FACTURE F-2" in shouted.text()
    assert "À payer\u00a0: 10,00 EUR" in shouted.text()
    assert "https://portail.example/recues/1/" in shouted.text()


def test_a_long_list_is_cut_and_the_rest_counted() -> None:
    five = [(str(number), "") for number in range(5)]
    assert len(rows_of(five, most=5).rows) == len(rows_of(five).rows) == 5
    assert [row.text for row in rows_of(five, most=4).rows[-2:]] == ["3", "et 1 autre, sur la page."]
    assert rows_of(five, most=3).rows[-1].text == "et 2 autres, sur la page."
