"""While something is away pages answer 503, say so without any of it, and work again by themselves."""

from __future__ import annotations

import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from plainchant.access.permissions import PUBLIC
from plainchant.config.urls import handler500  # noqa: F401 - of this module as a set of addresses
from plainchant.config.urls import urlpatterns as pages
from plainchant.portal.lib.outages import AWAY, Dependency, StoreAway
from plainchant.web.errors import server_error
from plainchant.web.routes import page


@page(get=PUBLIC, post=PUBLIC)
def away(request: HttpRequest) -> HttpResponse:
    raise StoreAway("no bucket")


@page(get=PUBLIC)
def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("of ours")


urlpatterns = [path("away/", away), path("broken/", broken), *pages]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db, pytest.mark.one_database]


def test_a_page_says_what_is_not_possible_and_when_to_come_back(client: Client) -> None:
    for answer in (client.get("/away/"), client.post("/away/")):
        assert answer.status_code == 503
        assert answer["Retry-After"] == "30"
        assert answer["Cache-Control"] == "no-store"
        text = answer.content.decode()
        assert AWAY[Dependency.STORE].sentence in text
        assert "rechargez la page" in text
        assert "bucket" not in text


def test_a_part_of_a_page_and_software_are_answered_in_their_own_form(client: Client) -> None:
    part = client.get("/away/", headers={"HX-Request": "true"})
    assert (part.status_code, part.content.decode()) == (503, AWAY[Dependency.STORE].sentence)
    data = client.get("/away/", headers={"Accept": "application/json"})
    assert (data.status_code, data.json()) == (503, {"message": AWAY[Dependency.STORE].sentence})
    assert part["Retry-After"] == data["Retry-After"] == "30"


def test_a_fault_of_ours_is_still_one() -> None:
    answer = Client(raise_request_exception=False).get("/broken/")
    assert answer.status_code == 500
    assert "l’incident est noté" in answer.content.decode()


def test_what_a_middleware_finds_away_is_answered_too(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: object, caplog: pytest.LogCaptureFixture
) -> None:
    from plainchant.web.account.sessions import SessionStore

    def load(self: SessionStore) -> None:
        raise StoreAway("the session cannot be read")

    monkeypatch.setattr(SessionStore, "load", load)
    visitor = Client(raise_request_exception=False)
    visitor.cookies["sessionid"] = "a" * 32
    with django_assert_num_queries(0), caplog.at_level(logging.CRITICAL):  # type: ignore[operator]
        answer = visitor.get("/verifier/")
    assert answer.status_code == 503
    assert AWAY[Dependency.STORE].sentence in answer.content.decode()


def test_the_page_for_everything_else_is_asked_outside_of_any_exception() -> None:
    assert server_error(HttpRequest()).status_code == 500


@override_settings(ROOT_URLCONF="plainchant.config.urls")
def test_pages_that_need_no_data_are_served_without_a_database(
    client: Client, django_assert_num_queries: object
) -> None:
    for address in ("/verifier/", "/compte/connexion/"):
        with django_assert_num_queries(0):  # type: ignore[operator]
            assert client.get(address).status_code == 200
