"""What an operation refuses becomes an answer in one place: on the form, as a message, or as a page; never a 500."""

from __future__ import annotations

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory
from django_htmx.middleware import HtmxMiddleware

from plainchant.access.permissions import PUBLIC
from plainchant.einvoice.finding import Finding
from plainchant.portal.codes import CODES
from plainchant.portal.invoices.errors import StatusHasChanged, WouldBeRefused
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.lib.errors import Refused
from plainchant.portal.store.antivirus import Infected
from plainchant.reader.reasons import FailureReason, ReaderFailed
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page


class AnswerForm(forms.Form):
    comment = forms.CharField(required=False)
    attachments = forms.FileField(required=False)


@pytest.fixture
def form() -> AnswerForm:
    form = AnswerForm({})
    assert form.is_valid()
    return form


def asked(address: str = "/essai/", **headers: str):
    request = RequestFactory().post(address, headers=headers)
    request._messages = CookieStorage(request)
    HtmxMiddleware(lambda _: None)(request)
    return request


def refusing(refused: Exception, **options):
    @page(get=PUBLIC, post=PUBLIC, **options)
    def view(request):
        raise refused

    return view


def test_a_refusal_is_an_error_of_the_field_it_names(form):
    with refusals_on(form):
        raise Refused("Écrivez une réponse.", code="reason_missing", field="comment")
    assert form.errors == {"comment": ["Écrivez une réponse."]}


def test_a_refusal_that_names_no_field_of_the_form_is_about_the_whole(form):
    with refusals_on(form):
        raise Refused("Ce nom est pris.", code="piece_name_taken", field="name")
    assert form.non_field_errors() == ["Ce nom est pris."]


@pytest.mark.parametrize(
    "refused", [Infected(name="facture.pdf", signature="Eicar"), ReaderFailed(FailureReason.PASSWORD)]
)
def test_a_refused_file_is_an_error_of_the_forms_file_field(form, refused):
    with refusals_on(form):
        raise refused
    assert form.errors == {"attachments": [refused.sentence]}


def test_every_finding_stands_at_its_field(form):
    with refusals_on(form):
        raise WouldBeRefused(
            findings=[Finding("CPRO-G2.07", "Un", "comment"), Finding("CPRO-DEVISE", "Deux", "currency")]
        )
    assert form.errors == {"comment": ["Un"], "__all__": ["Deux"]}


def test_what_no_other_answer_would_change_leaves_the_form(form):
    with pytest.raises(StatusHasChanged), refusals_on(form):
        raise StatusHasChanged(status=Status.REJECTED)
    assert not form.errors


def test_the_page_one_comes_back_to_says_it_in_a_message():
    request = asked()
    answer = refusing(StatusHasChanged(status=Status.REJECTED), back="issued_list")(request)
    assert (answer.status_code, answer.url) == (302, "/factures/")
    assert ["Rejetée" in str(message) for message in get_messages(request)] == [True]


@pytest.mark.django_db
def test_without_such_a_page_it_has_one_of_its_own_with_the_mend_and_a_way_back():
    refused = Refused("Vous ne gérez pas cette structure.", code="not_allowed")
    answer = refusing(refused)(asked(referer="http://testserver/structures/"))
    assert answer.status_code == 403
    for said in (
        refused.sentence,
        "Demandez-le au gestionnaire de la structure.",
        'href="http://testserver/structures/"',
    ):
        assert said in answer.text


@pytest.mark.django_db
def test_the_way_back_leads_nowhere_else():
    answer = refusing(Refused("Non.", code="not_allowed"))(asked(referer="http://elsewhere.example/"))
    assert "elsewhere" not in answer.text


@pytest.mark.django_db
def test_a_page_is_not_sent_back_to_itself():
    assert refusing(Refused("Non.", code="already_asked"), back="issued_list")(asked("/factures/")).status_code == 409


@pytest.mark.parametrize(
    ("back", "header"), [("issued_list", ("HX-Redirect", "/factures/")), ("", ("HX-Refresh", "true"))]
)
def test_a_part_of_a_page_makes_the_browser_load_the_whole(back, header):
    request = asked(HX_Request="true")
    answer = refusing(StatusHasChanged(status=Status.REJECTED), back=back)(request)
    assert answer.status_code == 204
    assert answer[header[0]] == header[1]
    assert len(list(get_messages(request))) == 1


@pytest.mark.django_db
@pytest.mark.one_database
@pytest.mark.parametrize("code", [row.code for row in CODES])
def test_no_refusal_is_a_500_on_any_page(code):
    answer = refusing(Refused("Une phrase.", code=code))(asked())
    assert answer.status_code == next(row.http for row in CODES if row.code == code) != 500
    assert "Une phrase." in answer.text


@pytest.mark.django_db
@pytest.mark.one_database
@pytest.mark.parametrize("reason", list(FailureReason))
def test_what_cannot_be_read_is_no_500_either(reason):
    failed = ReaderFailed(reason)
    answer = refusing(failed)(asked())
    assert answer.status_code in (404, 413, 415, 422, 503)
    assert failed.sentence in answer.text


def test_a_refusal_whose_code_has_no_row_cannot_be_made():
    with pytest.raises(KeyError):
        Refused("Une phrase.", code="unheard_of")
