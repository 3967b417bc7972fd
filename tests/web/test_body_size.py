"""A request too big to be honest is refused before it is read."""

from __future__ import annotations

import pytest
from django.test import Client

from plainchant.portal.lib.time import now
from tests.making import a_member, a_structure

pytestmark = pytest.mark.django_db


def test_a_gigabyte_is_refused_in_a_sentence() -> None:
    answer = Client().generic("POST", "/deposer/", b"x", CONTENT_LENGTH=str(1024**3))
    assert answer.status_code == 413
    assert "120" in answer.content.decode()


def test_a_form_on_a_page_that_takes_none_is_refused() -> None:
    assert Client().post("/conditions/").status_code == 405


def test_only_a_flow_of_somebody_logged_in_may_be_a_gigabyte() -> None:
    at = now()
    nobody, somebody = Client(), Client()
    somebody.force_login(a_member(structure=a_structure(at=at), at=at))
    gigabyte, more = str(1024**3), str(1024**3 + 6 * 1024**2)
    assert nobody.generic("POST", "/flux/deposer/", b"x", CONTENT_LENGTH=gigabyte).status_code == 413
    assert somebody.generic("POST", "/deposer/", b"x", CONTENT_LENGTH=gigabyte).status_code == 413
    answer = somebody.generic("POST", "/flux/deposer/", b"x", CONTENT_LENGTH=more)
    assert answer.status_code == 413
    assert "1\u202fGo" in answer.text
    # Let in: an empty form is the page again.
    answer = somebody.generic("POST", "/flux/deposer/", b"x", CONTENT_LENGTH=gigabyte)
    assert answer.status_code == 200
