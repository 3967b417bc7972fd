"""The sheet: what is wrong stands beside its field, nothing that was typed is lost, two tabs are told apart."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.fields import LINE_FIELDS, MAX_LINES
from plainchant.portal.drafts.models import Draft, InvoiceSettings
from plainchant.portal.invoices.models import Invoice
from plainchant.reader import sandbox
from plainchant.reader.sandbox import FailureReason, ReaderFailed

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def posted(entry: Draft, **changes: str) -> dict[str, str]:
    """The form of the page as the visitor would send it, with some fields typed anew."""
    data = dict(entry.typed["fields"])
    for place, line in enumerate(entry.typed["lines"]):
        data |= {f"lines-{place}-{name}": value for name, value in line.items()}
    return {**data, "revision": str(entry.revision), "tab": "one", **changes}


def address(entry: Draft, end: str = "") -> str:
    return f"/saisir/{entry.invoice.uid}/{end}"


WRONG = [
    ("buyer", "12345678901234"),
    ("number", "un numéro beaucoup trop long"),
    ("number", "F/é"),
    ("issue_date", "hier"),
    ("delivery_date", "32/01/2026"),
    ("delivery_end", "bientôt"),
    ("vat_regime", ""),
    ("payment_mode", ""),
    ("bank_account", ""),
    ("currency", "ZZZ"),
    ("billing_framework", "A9"),
    ("discount", "beaucoup"),
    ("contract", "x" * 51),
    ("commitment", "x" * 51),
    ("lines-0-name", ""),
    ("lines-0-quantity", "deux"),
    ("lines-0-price", "cher"),
    ("lines-0-discount", "999999"),
    ("lines-0-description", "x" * 1025),
]


@pytest.mark.parametrize(("field", "text"), WRONG, ids=[f"{field}={text[:12]}" for field, text in WRONG])
def test_a_wrong_value_is_told_beside_its_field_and_kept(visitor: Client, entry: Draft, field: str, text: str) -> None:
    answer = visitor.post(address(entry), posted(entry, **{field: text, "go": "check"}), follow=True)
    assert answer.status_code == 422
    page = answer.content.decode()
    where = {"billing_framework": "validator"}.get(field, field)
    assert f'href="#id_{where}' in page  # the summary leads to the field
    assert "data-error-summary" in page
    marked = re.findall(rf'<(?:input|select|textarea)[^>]*id="id_{where}(?:_\d+)?"[^>]*>', page)
    assert any('aria-invalid="true"' in one for one in marked) or where == "vat_regime"
    entry.refresh_from_db()
    kept = entry.typed["lines"][0][field[8:]] if field.startswith("lines-0-") else entry.typed["fields"][field]
    assert kept == text
    assert Invoice.objects.get(pk=entry.invoice_id).status == "BROUILLON"


def test_what_can_be_sent_is_shown_as_the_buyer_will_see_it(visitor: Client, entry: Draft) -> None:
    answer = visitor.post(address(entry), posted(entry, go="check"), follow=True)
    assert answer.status_code == 200
    assert "Confirmer et envoyer" in answer.text
    assert answer.text.count('class="doc-page"') == 1
    assert "apercu/1.png" in answer.text
    picture = visitor.get(address(entry, "apercu/1.png"))
    assert picture.content.startswith(b"\x89PNG")
    assert visitor.get(address(entry, "apercu/9.png")).status_code == 404
    assert visitor.get(address(entry, "apercu.pdf")).content.startswith(b"%PDF")


def test_a_reader_that_fails_does_not_keep_from_sending(
    visitor: Client, entry: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> bytes:
        raise ReaderFailed(FailureReason.BUSY)

    monkeypatch.setattr(sandbox, "ask", busy)
    page = visitor.post(address(entry), posted(entry, go="check"), follow=True).text
    assert "Rechargez cette page" in page
    assert "Confirmer et envoyer" in page
    assert 'class="doc-page"' not in page


def test_an_autosave_answers_with_the_version_to_go_on_from(visitor: Client, entry: Draft) -> None:
    answer = visitor.post(address(entry), posted(entry, comment="a"), headers={"HX-Request": "true"})
    entry.refresh_from_db()
    assert f'value="{entry.revision}"' in answer.content.decode()
    assert "data-saved" in answer.content.decode()


@pytest.mark.parametrize("by_script", [True, False])
def test_a_draft_saved_in_another_tab_is_never_overwritten_silently(
    visitor: Client, entry: Draft, by_script: bool
) -> None:
    visitor.post(address(entry), posted(entry, comment="l’autre", tab="two"), headers={"HX-Request": "true"})
    headers: dict[str, str] = {"HX-Request": "true"} if by_script else {}
    answer = visitor.post(address(entry), posted(entry, comment="celui-ci"), headers=headers)
    assert answer.status_code == 409
    assert "Ce brouillon a changé ailleurs" in answer.content.decode()
    assert by_script or "celui-ci" in answer.content.decode()  # what was typed here is on the page
    entry.refresh_from_db()
    assert entry.typed["fields"]["comment"] == "l’autre"
    visitor.post(address(entry), posted(entry, comment="celui-ci", keep="mine"))
    entry.refresh_from_db()
    assert entry.typed["fields"]["comment"] == "celui-ci"


def test_lines_are_added_removed_and_pasted_without_scripts(visitor: Client, entry: Draft) -> None:
    answer = visitor.post(address(entry), posted(entry, go="add-line"))
    assert answer.status_code == 302
    entry.refresh_from_db()
    assert len(entry.typed["lines"]) == 2
    table = "Désignation\tQté\tPrix unitaire HT\tTVA\nAffiches\t20\t1,50\t20 %\nPose\t1\t80\t20 %"
    visitor.post(address(entry), posted(entry, go="paste", pasted=table))
    entry.refresh_from_db()
    assert [line["name"] for line in entry.typed["lines"]][1:] == ["Affiches", "Pose"]
    visitor.post(address(entry), posted(entry, go="remove-line-0"))
    entry.refresh_from_db()
    assert [line["name"] for line in entry.typed["lines"]] == ["Affiches", "Pose"]


def test_a_total_that_no_invoice_has_is_told_and_kept(visitor: Client, entry: Draft) -> None:
    huge = posted(entry, **{"lines-0-quantity": "999999999999", "lines-0-price": "999999999999", "go": "check"})
    answer = visitor.post(address(entry), huge, follow=True)
    assert answer.status_code == 422
    assert "est trop grand" in answer.text
    entry.refresh_from_db()
    assert entry.typed["lines"][0]["quantity"] == "999999999999"
    assert entry.invoice.payable_amount is None


def test_a_vat_regime_that_does_not_exist_is_no_column(visitor: Client, entry: Draft) -> None:
    visitor.post(address(entry), posted(entry, vat_regime="ß" * 20))  # forty letters in capitals
    assert Invoice.objects.get().vat_regime == ""


def a_long_sheet(entry: Draft, *, lines: int) -> dict[str, str]:
    line = {**dict.fromkeys(LINE_FIELDS, ""), **entry.typed["lines"][0], "description": "Deux heures"}
    numbered = {f"lines-{place}-{name}": text for place in range(lines) for name, text in line.items()}
    return {**posted(entry), **numbered}


def test_the_longest_sheet_is_saved_whole(visitor: Client, entry: Draft) -> None:
    answer = visitor.post(address(entry), {**a_long_sheet(entry, lines=MAX_LINES), "go": "save"})
    assert answer.status_code == 302
    assert len(Draft.objects.get(pk=entry.pk).typed["lines"]) == MAX_LINES


def test_a_line_too_many_is_kept_and_refused_in_words(visitor: Client, entry: Draft) -> None:
    sheet = a_long_sheet(entry, lines=MAX_LINES + 1)
    answer = visitor.post(address(entry), {**sheet, "go": "check"}, follow=True)
    assert answer.status_code == 422
    assert f"celle-ci en a {MAX_LINES + 1}" in answer.text
    assert len(Draft.objects.get(pk=entry.pk).typed["lines"]) == MAX_LINES + 1


def test_no_line_is_added_to_the_longest_sheet_and_the_page_says_why(visitor: Client, entry: Draft) -> None:
    sheet = a_long_sheet(entry, lines=MAX_LINES)
    answer = visitor.post(address(entry), {**sheet, "go": "add-line"}, follow=True)
    assert "Mettez la suite dans une autre facture" in answer.text.partition("data-full")[0]
    assert f'data-max-lines="{MAX_LINES}"' in answer.text  # what the page's script asks before it adds one
    assert len(Draft.objects.get(pk=entry.pk).typed["lines"]) == MAX_LINES


def test_rows_pasted_beyond_the_longest_sheet_are_told(visitor: Client, entry: Draft) -> None:
    sheet = {**a_long_sheet(entry, lines=MAX_LINES - 1), "pasted": "Atelier\t100\n" * 2}
    answer = visitor.post(address(entry, "coller/"), sheet)
    assert "Tout n’a pas été ajouté" in answer.text
    assert f'name="lines-{MAX_LINES - 1}-name"' in answer.text
    assert f'name="lines-{MAX_LINES}-name"' not in answer.text


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("Atelier\t100", ""),
        ("x" * 199_980 + "\t100\n" + "Pose\t80\n" * 3, "Tout n’a pas été ajouté"),
        ('"' + "a" * 150_000, "aucune ligne"),
    ],
)
def test_what_a_pasting_leaves_out_is_told(visitor: Client, entry: Draft, rows: str, told: str) -> None:
    sheet = {**posted(entry), "pasted": rows}
    live = visitor.post(address(entry, "coller/"), sheet)
    assert (live.status_code, told in live.text) == (200, True)
    assert ('role="alert"' in live.text) is bool(told)
    page = visitor.post(address(entry), {**sheet, "go": "paste"}, follow=True)
    assert (page.status_code, told in page.text) == (200, True)


def test_totals_answer_without_saving(visitor: Client, entry: Draft) -> None:
    seen = entry.revision
    answer = visitor.post(address(entry, "totaux/"), posted(entry, **{"lines-0-quantity": "3"}))
    page = answer.content.decode()
    assert "750,00" in page
    assert 'id="net-0"' in page
    entry.refresh_from_db()
    assert entry.revision == seen


@pytest.mark.parametrize(("number", "said"), [("F-2026-777", "libre"), ("é", "Retirez"), ("x" * 21, "20 au plus")])
def test_a_number_is_judged_as_it_is_typed(visitor: Client, entry: Draft, number: str, said: str) -> None:
    assert said in visitor.post(address(entry, "numero/"), {"number": number}).content.decode()


def test_pressing_send_twice_sends_once_and_a_stale_page_sends_nothing(visitor: Client, entry: Draft) -> None:
    stale = visitor.post(address(entry, "envoyer/"), {"revision": str(entry.revision - 1)}, follow=True)
    assert "Ce brouillon a été modifié" in stale.content.decode()
    first = visitor.post(address(entry, "envoyer/"), {"revision": str(entry.revision)})
    second = visitor.post(address(entry, "envoyer/"), {"revision": str(entry.revision)})
    assert first["Location"] == second["Location"] == address(entry, "envoyee/")
    page = visitor.get(first["Location"]).content.decode()
    assert "est envoyée" in page
    assert visitor.get(address(entry)).status_code == 302  # a sent invoice is followed, no longer typed


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 40, "²"])
def test_an_odd_revision_sends_nothing(visitor: Client, entry: Draft, revision: str) -> None:
    visitor.post(address(entry, "envoyer/"), {"revision": revision})
    assert Invoice.objects.get(pk=entry.invoice_id).status == "BROUILLON"


@pytest.mark.parametrize(
    "rubbish",
    [
        {},
        {"lines-99999-name": "x", "lines-0-zzz": "x", "lines--1-name": "x"},
        {"number": "\x00\ud800é" * 50, "lines-0-name": "\x00", "revision": "0"},
        {f"lines-{n}-name": "x" for n in range(900)},
    ],
)
def test_rubbish_never_breaks_the_page(visitor: Client, entry: Draft, rubbish: dict[str, Any]) -> None:
    for end in ("", "totaux/", "adresse/", "numero/", "coller/"):
        data = {key: value.encode("utf-8", "replace").decode() for key, value in rubbish.items()}
        assert visitor.post(address(entry, end), data).status_code < 500, end


def test_the_mail_that_asks_for_the_commitment_number_is_written(visitor: Client, entry: Draft) -> None:
    page = visitor.get(address(entry, "engagement/")).content.decode()
    assert "numéro d’engagement" in page
    assert "Rencontre avec une classe de CM2" in page
    assert "mailto:" in page
    assert "21990001600011" in page


def test_a_pasted_rate_that_is_none_of_the_law_is_kept_and_told_at_once(visitor: Client, entry: Draft) -> None:
    page = visitor.post(
        address(entry, "coller/"), posted(entry, pasted="Atelier\t2\t100\t12", vat_regime="TVA_SUR_DEBIT")
    ).content.decode()
    assert re.search(r'name="lines-\d-rate"[^>]* value="12"', page)
    assert "12\u00a0% n’est pas un taux de TVA en vigueur en France" in page


@pytest.mark.parametrize(
    ("postcode", "chosen", "first"),
    [
        ("97400", None, ["8,5", "2,1", "1,75", "1,05"]),
        ("97400", "", ["8,5", "2,1", "1,75", "1,05"]),
        ("97400", "CONTINENT", ["20", "10", "5,5", "2,1"]),
        ("31000", "972", ["8,5", "2,1", "1,75", "1,05"]),
        ("97133", None, ["20", "10", "5,5", "2,1"]),  # Saint-Barthélemy has taxes of its own
        ("97133", "971", ["8,5", "2,1", "1,75", "1,05"]),
    ],
)
def test_a_seller_is_offered_the_rates_of_where_its_vat_is_due_first(
    visitor: Client, entry: Draft, postcode: str, chosen: str | None, first: list[str], at: datetime, author: User
) -> None:
    seller = entry.invoice.seller
    seller.postcode = postcode
    seller.save()
    InvoiceSettings.objects.filter(structure=seller).delete()
    if chosen is not None:
        InvoiceSettings.objects.create(structure=seller, territory=chosen, updated_at=at, updated_by=author)
    page = visitor.get(address(entry)).content.decode()
    assert re.findall(r'<option value="([\d,]+)">\1 %', page)[:4] == first
