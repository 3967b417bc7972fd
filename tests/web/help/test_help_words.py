"""Words, questions, who helps, what works now; and the word beside a field, with the way back to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import Client
from lxml import html

from plainchant.help.glossary import TERMS
from plainchant.help.helpers import UNIONS
from plainchant.help.questions import QUESTIONS
from plainchant.web.help import standing
from plainchant.web.help.finding import address_of, index

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

HERE = "http://testserver"


class Reference(forms.Form):
    commitment = forms.CharField(label="Numéro d’engagement")
    comment = forms.CharField(label="Un mot")
    marks_optional = False  # as the forms of invoices have it


def drawn(form: forms.Form) -> html.HtmlElement:
    return html.fromstring("<div>" + "".join(form[name].as_field_group() for name in form.fields) + "</div>")


def test_the_first_page_leads_to_all_four(client: Client) -> None:
    page = html.fromstring(client.get("/aide/?retour=/annuaire/").content)
    doors = [f"/aide/{name}/?retour=/annuaire/" for name in ("questions", "mots", "qui-aide", "etat")]
    assert page.xpath("//ul[@class='help-doors']//a/@href") == doors


def test_every_word_and_every_question_is_on_its_page(client: Client) -> None:
    words = html.fromstring(client.get("/aide/mots/").content)
    assert words.xpath("//dl[@class='help-terms']/div/@id") == [term.slug for term in TERMS]
    questions = html.fromstring(client.get("/aide/questions/").content)
    assert questions.xpath("//dl[@class='help-terms']/div/@id") == [question.slug for question in QUESTIONS]
    assert "/aide/mots/#numero-d-engagement" in questions.xpath("//main//a/@href")


def test_a_field_with_an_official_word_explains_it_and_others_do_not() -> None:
    (word,) = drawn(Reference()).xpath("//details[@class='what-is']")
    assert "il relie votre facture à l’argent" in word.text_content()
    assert word.xpath(".//a/@href") == ["/aide/mots/?champ=id_commitment#numero-d-engagement"]


@pytest.mark.parametrize(
    ("referer", "field", "back"),
    [
        (f"{HERE}/annuaire/?q=valbrume", "id_commitment", "/annuaire/?q=valbrume#id_commitment"),
        ("https://ailleurs.example/annuaire/", "id_commitment", ""),
        (f"{HERE}/annuaire/", 'id_commitment"onclick', ""),
        (f"{HERE}/cette-page-nexiste-pas/", "id_commitment", ""),
        (f"{HERE}//ailleurs.example/", "id_commitment", ""),
        ("", "id_commitment", ""),
    ],
)
def test_the_way_back_leads_to_the_field_one_has_left(client: Client, referer: str, field: str, back: str) -> None:
    page = html.fromstring(client.get("/aide/mots/", {"champ": field}, headers={"referer": referer}).content)
    assert page.xpath("//p[@class='help-back']/a/@href") == ([back] if back else [])


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("engagement juridique", "/aide/mots/#numero-d-engagement"),
        ("factur-x", "/aide/mots/#facture-electronique"),
        ("changé de banque", "/aide/questions/#banque-change"),
        ("extension du fichier", "/aide/questions/#extension-invisible"),
    ],
)
def test_the_search_finds_words_and_questions(asked: str, address: str) -> None:
    assert address in [address_of(entry) for entry in index().find(asked)[:3]]


def test_who_helps_is_the_list_of_the_operator(client: Client, settings, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    page = html.fromstring(client.get("/aide/qui-aide/").content)
    assert page.xpath("//dl[@class='help-terms']/div/dt/text()") == [union.name for union in UNIONS]
    listed = tmp_path / "qui.toml"
    settings.WHO_HELPS = str(listed)
    assert client.get("/aide/qui-aide/").status_code == 200, "a file that cannot be read hides the list alone"
    listed.write_text('[[qui]]\nnom = "Le club"\ntexte = "Le <mardi>."\n')
    page = html.fromstring(client.get("/aide/qui-aide/").content)
    assert page.xpath("//dl[@class='help-terms']/div/dt/text()") == ["Le club"]
    assert page.xpath("//dl[@class='help-terms']//p/text()") == ["Le <mardi>."]


def test_what_works_now_is_said_in_plain_words(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    well = {"database": "ok", "store": "ok", "disk": "ok", "readers": "ok", "queue": "ok"}
    monkeypatch.setattr(standing, "standing", lambda: well)
    assert "Tout marche." in client.get("/aide/etat/").text
    monkeypatch.setattr(standing, "standing", lambda: well | {"store": "away", "queue": "late"})
    page = html.fromstring(client.get("/aide/etat/").content)
    assert [text.split(".")[0] for text in page.xpath("//dl[@class='facts']//strong/text()")] == [
        "Ils ne peuvent pas être ouverts en ce moment",
        "Elle a du retard",
    ]


def test_every_state_of_a_part_has_its_sentence() -> None:
    states = {"ok", "away", "full", "late", "unknown"}
    assert all(set(sentences) <= states and "ok" in sentences for _, _, sentences in standing._PARTS)
    assert render_to_string("help/_operator.html", {})
