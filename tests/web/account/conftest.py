"""People and links for these tests."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client

from plainchant.portal.accounts import operations
from plainchant.portal.accounts.models import User
from plainchant.portal.lib.logs import JsonLines
from plainchant.portal.mail.models import Message
from plainchant.web.account import limits

PASSWORD = "trois vases bleus"
TYPED = {
    "email": "marie@potiers.fr",
    "email2": "marie@potiers.fr",
    "first_name": "Marie",
    "last_name": "Lefèvre",
    "siret": "732 829 320 00074",
    "terms": "on",
}


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers to strangers wait a tenth of a second on purpose; only one test needs that."""
    monkeypatch.setattr(limits, "UNHURRIED_SECONDS", 0.0)


@pytest.fixture
def signup(client: Client) -> Callable[..., Any]:
    def signup(**changes: str) -> Any:
        return client.post("/compte/creer/", {**TYPED, **changes})

    return signup


@pytest.fixture
def marie(db: None, at: datetime) -> User:
    return operations.enrol(email="marie@potiers.fr", first_name="Marie", last_name="Lefèvre", password=PASSWORD, at=at)


@pytest.fixture
def bare() -> Callable[[Any, str], bytes]:
    """The bytes of an answer, without what is drawn by lot and with the address one typed oneself hidden."""

    def bare(answer: Any, email: str) -> bytes:
        body = re.sub(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', rb"\1", answer.content)
        return bytes(body.replace(email.encode(), b"@").replace(quote(email).encode(), b"@"))

    return bare


@pytest.fixture
def path_in() -> Callable[[str], str]:
    """The path of the first link of the newest message of a kind."""

    def path_in(kind: str) -> str:
        body = Message.objects.filter(kind=kind).latest("pk").body
        return str(re.search(r"http://127\.0\.0\.1:8000(/compte/\S+/\S+/)", body)[1])  # type: ignore[index]

    return path_in


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def kept(db: None) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """The lines of what this test has done, once it is committed as a request's transaction would be."""
    handler = Kept()
    log = logging.getLogger("plainchant.security")
    log.addHandler(handler)

    def lines() -> list[dict[str, Any]]:
        for _, callback, _ in connection.run_on_commit:
            callback()
        return [json.loads(line) for line in handler.lines]

    yield lines
    log.removeHandler(handler)
