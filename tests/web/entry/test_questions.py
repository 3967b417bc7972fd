"""One question at a time: who one is, who is invoiced, what was done, and what each situation leads to."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from plainchant.einvoice.making.authors import SITUATIONS
from plainchant.einvoice.making.authors.situation import AuthorDocument, Situation
from plainchant.portal.accounts.models import User
from plainchant.portal.drafts import operations
from plainchant.portal.drafts.checking import check
from plainchant.portal.drafts.invoice_settings import save_settings
from plainchant.portal.drafts.models import Draft, InvoiceSettings
from plainchant.portal.mandates.operations import revoke
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import Structure
from tests.making import a_mandate, a_structure, an_attachment

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

ANSWERS = {
    "text": "Les Racines",
    "long": "affiches et site de la ville",
    "amount": "1200",
    "number": "1",
    "date": "15/10/2026",
}


def address(entry: Draft, end: str = "") -> str:
    return f"/saisir/{entry.invoice.uid}/{end}"


def answers_to(situation: Situation) -> dict[str, str | list[str]]:
    """Something sensible to every question."""
    told: dict[str, str | list[str]] = {}
    for question in situation.questions:
        if question.kind == "choice":
            told[question.name] = question.options[0].value
        elif question.kind == "choices":
            told[question.name] = [question.options[0].value]
        else:
            told[question.name] = ANSWERS[question.kind]
    if "last_day" in told:
        told["last_day"] = "30/10/2026"
    return told


@pytest.fixture
def settled(seller: Structure, author: User, at: datetime) -> InvoiceSettings:
    values = {"preset": "AUTHOR", "is_sole_trader": True, "vat_regime": "SANS_TVA", "exemption": "VATEX-FR-FRANCHISE"}
    return save_settings(structure=seller, values=values, actor=Actor(author), at=at)


def test_without_a_structure_or_a_mandate_the_way_to_one_is_said(
    visitor: Client, seller: Structure, author: User, at: datetime
) -> None:
    revoke(mandate=seller.mandates.get(), actor=Actor(author), at=at)
    assert "Donner ce mandat" in visitor.get("/saisir/").content.decode()
    assert "Donner ce mandat" in visitor.post("/saisir/", {"seller": str(seller.uid)}).content.decode()
    assert not Draft.objects.exists()


def test_of_several_structures_those_without_a_mandate_are_told_whatever_their_number(
    visitor: Client, author: User, at: datetime, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        other = a_structure(at=at, name=f"Autre {number}")
        an_attachment(person=author, structure=other, at=at, is_manager=True)
        if number:
            a_mandate(structure=other, by=author, at=at)
    visitor.get("/saisir/")
    with django_assert_max_num_queries(14):
        page = visitor.get("/saisir/").text
    assert page.count("mandat à donner d’abord") == 1
    assert re.search(r"Autre 0 <[^>]*>SIRET .* · mandat à donner d’abord", page)


def test_somebody_elses_structure_cannot_be_chosen(visitor: Client, at: datetime) -> None:
    other = a_structure(at=at, name="Autre")
    visitor.post("/saisir/", {"seller": str(other.uid)})
    assert not Draft.objects.filter(invoice__seller=other).exists()


def test_who_one_is_is_asked_once(visitor: Client, seller: Structure) -> None:
    first = visitor.post("/saisir/", {"seller": str(seller.uid)})
    assert first["Location"].endswith("/qui-etes-vous/")
    assert visitor.post(first["Location"], {"preset": "AUTHOR"}).status_code == 422
    answer = visitor.post(first["Location"], {"preset": "AUTHOR", "regime": "FRANCHISE"})
    if answer.status_code == 422:  # the regime's own name in the table
        from plainchant.einvoice.law.french_vat import Regime

        answer = visitor.post(first["Location"], {"preset": "AUTHOR", "regime": Regime.FRANCHISE.value})
    assert answer["Location"].endswith("/destinataire/")
    kept = InvoiceSettings.objects.get(structure=seller)
    assert (kept.preset, kept.is_sole_trader, kept.vat_regime) == ("AUTHOR", True, "SANS_TVA")
    assert Draft.objects.get().typed["fields"]["vat_regime"] == "SANS_TVA"
    assert visitor.post("/saisir/", {"seller": str(seller.uid)})["Location"].endswith("/destinataire/")


def test_choosing_the_recipient_leads_to_what_was_done(
    visitor: Client, seller: Structure, town: Structure, settled: InvoiceSettings
) -> None:
    begun = visitor.post("/saisir/", {"seller": str(seller.uid)})["Location"]
    answer = visitor.post(begun, {"buyer": town.identifier})
    assert answer["Location"].endswith("/travail/")
    assert Draft.objects.get().invoice.buyer == town


def test_those_invoiced_lately_are_offered_before_anything_is_typed(
    visitor: Client, entry: Draft, seller: Structure, town: Structure, settled: InvoiceSettings, at: datetime
) -> None:
    begun = visitor.post("/saisir/", {"seller": str(seller.uid)})["Location"]
    assert "Vos derniers destinataires" not in visitor.get(begun).content.decode(), "none was sent"
    operations.submit(draft=entry, actor=Actor(entry.invoice.created_by), at=at)
    page = visitor.get(begun).content.decode()
    assert "Vos derniers destinataires" in page
    assert f'value="{town.identifier}"' in page
    assert "Vos derniers destinataires" not in visitor.get(begun, {"q": "zzyzx"}).content.decode()


@pytest.mark.parametrize("situation", [one for one in SITUATIONS if one.lines], ids=lambda one: one.code)
@pytest.mark.parametrize("regime", ["SANS_TVA", "TVA_SUR_ENCAISSEMENT"])
def test_each_situation_makes_an_invoice_that_can_be_sent(
    visitor: Client, entry: Draft, settled: InvoiceSettings, situation: Situation, regime: str, at: datetime
) -> None:
    InvoiceSettings.objects.update(vat_regime=regime, exemption="" if regime != "SANS_TVA" else settled.exemption)
    Structure.objects.filter(pk=entry.invoice.seller_id).update(vat_number="FR57902100015")
    typed = {**entry.typed, "fields": {**entry.typed["fields"], "vat_regime": regime, "exemption": ""}}
    operations.save(draft=entry, typed=typed, revision=entry.revision, actor=Actor(entry.invoice.created_by), at=at)
    shown = visitor.get(address(entry, f"travail/?situation={situation.code}"))
    assert situation.questions[0].label in shown.content.decode()
    empty = visitor.post(address(entry, "travail/"), {"situation": situation.code, "answered": "1"})
    assert empty.status_code == 422
    data = {"situation": situation.code, "answered": "1", **answers_to(situation)}
    answer = visitor.post(address(entry, "travail/"), data)
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"].endswith("/montant/")
    assert visitor.get(answer["Location"]).status_code == 200
    entry = Draft.objects.get(pk=entry.pk)
    assert check(draft=entry, at=at).stops == []
    if situation.note_points:
        assert visitor.get(address(entry, "note/")).content.startswith(b"%PDF")


@pytest.mark.parametrize("situation", [one for one in SITUATIONS if not one.lines], ids=lambda one: one.code)
def test_a_situation_without_invoice_says_why(
    visitor: Client, entry: Draft, settled: InvoiceSettings, situation: Situation
) -> None:
    page = visitor.get(address(entry, f"travail/?situation={situation.code}")).content.decode()
    assert situation.why[:40] in page.replace("&#x27;", "'").replace("&amp;", "&")
    assert situation.document is AuthorDocument.INVOICE or "pas de facture" in page


def test_a_few_words_are_enough_for_the_others(visitor: Client, entry: Draft) -> None:
    assert visitor.post(address(entry, "travail/"), {"name": "", "nature": "S"}).status_code == 422
    data = {"name": "Impression de 200 affiches", "nature": "B", "delivery_date": "15/10/2026", "description": ""}
    assert visitor.post(address(entry, "travail/"), data)["Location"].endswith("/montant/")
    line = Draft.objects.get(pk=entry.pk).typed["lines"][0]
    assert (line["name"], line["nature"]) == ("Impression de 200 affiches", "B")


def _asked(entry: Draft, **changed: str) -> dict[str, str]:
    """What the question « Combien ? » sends."""
    line = {f"lines-0-{name}": text for name, text in entry.typed["lines"][0].items()}
    return {**entry.fields, **line, "revision": str(Draft.objects.get(pk=entry.pk).revision), "go": "check", **changed}


@pytest.mark.parametrize(
    ("changed", "mends"),
    [
        ({"lines-0-quantity": "-180"}, 'href="#lignes"'),
        ({"lines-0-price": "-180"}, 'href="#id_lines-0-price"'),
        ({"lines-0-quantity": "beaucoup"}, 'href="#id_lines-0-quantity"'),
        ({"issue_date": "hier"}, 'id="id_issue_date"'),
        ({"delivery_date": "hier"}, 'href="#id_delivery_date"'),
    ],
)
def test_what_is_to_be_mended_is_asked_among_the_questions_once(
    visitor: Client, entry: Draft, changed: dict[str, str], mends: str
) -> None:
    answer = visitor.post(address(entry, "montant/"), _asked(entry, **changed))
    assert answer["Location"] == address(entry, "verifier/?questions=1")
    shown = visitor.get(answer["Location"])
    page = shown.content.decode()
    assert shown.status_code == 422
    assert "<title>À corriger : Combien ?" in page.replace("\u00a0", " ")
    summary = page.split("data-error-summary")[1].split("</ul>")[0]
    assert summary.count("<li>") == 1
    assert mends in page
    assert visitor.post(address(entry, "montant/"), _asked(entry, **{**changed, "go": "add-line"}))[
        "Location"
    ] == address(entry, "montant/#lignes")


def test_an_invoice_of_nothing_is_asked_about_and_can_be_sent(visitor: Client, entry: Draft) -> None:
    visitor.post(address(entry, "montant/"), _asked(entry, **{"lines-0-price": "0"}))
    page = visitor.get(address(entry, "verifier/?questions=1")).content.decode().replace("\u00a0", " ")
    assert "Cette facture est de 0 €. Est-ce voulu ?" in page
    assert f'href="{address(entry, "montant/")}">Modifier<span' in page
    assert "Confirmer et envoyer" in page


def test_a_sheet_without_lines_asks_for_one(visitor: Client, entry: Draft) -> None:
    operations.change(draft=entry, lines=[], actor=Actor(entry.invoice.created_by), at=entry.invoice.created_at)
    assert "lines-0-name" in visitor.get(address(entry, "montant/")).content.decode()
