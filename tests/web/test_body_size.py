"""A request too big to be honest is refused before it is read."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_gigabyte_is_refused_in_a_sentence() -> None:
    answer = Client().generic("POST", "/deposer/", b"x", CONTENT_LENGTH=str(1024**3))
    assert answer.status_code == 413
    assert "120" in answer.content.decode()


def test_a_form_on_a_page_that_takes_none_is_refused() -> None:
    assert Client().post("/conditions/").status_code == 405
