"""The log: one line an event, in either form, with its request, and never a link that opens an account."""

from __future__ import annotations

import json
import logging
import re
import sys

import pytest
from django.urls import get_resolver

from plainchant.portal.accounts import links
from plainchant.portal.lib.logs import (
    SECRET_PATHS,
    ErrorMails,
    JsonLines,
    PlainLines,
    WithRequest,
    request_id,
    without_secrets,
)

LINKS = [links.activate(token="a-token"), links.choose_new_password(key="4-a-token")]


def line(formatter: logging.Formatter, message: str, *arguments: object, **extra: object) -> str:
    record = logging.getLogger("plainchant.test").makeRecord(
        "plainchant.test", logging.WARNING, __file__, 1, message, arguments, None, extra=extra
    )
    WithRequest().filter(record)
    return formatter.format(record)


@pytest.mark.parametrize("formatter", [PlainLines(), JsonLines()])
@pytest.mark.parametrize("link", LINKS)
def test_a_link_that_opens_an_account_is_cut_short(formatter: logging.Formatter, link: str) -> None:
    assert "a-token" not in line(formatter, "Not Found: %s", link)
    assert "a-token" not in line(formatter, "Not Found", path=link.removesuffix("/"))


@pytest.mark.parametrize("formatter", [PlainLines(), JsonLines()])
@pytest.mark.parametrize("sign", ["\n", "\r", "\x1b", "\x85", "\u2028"])
def test_an_address_makes_no_line_of_its_own(formatter: logging.Formatter, sign: str) -> None:
    written = line(formatter, "GET %s 404", f"/{sign}2026-11-29T10:00:00+0000 INFO plainchant.access [-] GET / 200")
    assert "GET / 200" in written
    assert len(written.splitlines()) == 1
    assert "\x1b" not in written


def test_an_error_makes_no_line_of_its_own_either() -> None:
    try:
        raise ValueError("refused:\n2026-11-29T10:00:00+0000 INFO plainchant.access [-] GET / 200")
    except ValueError:
        record = logging.makeLogRecord({"msg": "it failed", "exc_info": sys.exc_info(), "request_id": "-"})
    first, *trace = PlainLines().format(record).splitlines()
    assert first.endswith("it failed")
    assert len(trace) > 3
    assert {row[:4] for row in trace} == {"    "}


def test_a_plain_line_says_in_which_zone_its_time_is() -> None:
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} WARNING ", line(PlainLines(), "something"))


def test_every_address_with_a_token_is_known() -> None:
    """`/compte/activer/` alone is a page; what follows it is not."""
    patterns = [f"/compte/{entry.pattern}" for entry in _account_patterns()]
    with_token = [pattern for pattern in patterns if "token" in pattern or "<key>" in pattern]
    assert len(with_token) == len(SECRET_PATHS)
    for pattern in with_token:
        address = re.sub(r"<str:token>|\(\?P.*\)(?=/)", "SECRET", pattern.replace("^", "").rstrip("$"))
        assert "SECRET" in address
        assert "SECRET" not in without_secrets(f"GET {address} 200")


def _account_patterns():
    found = []

    def walk(patterns):
        for entry in patterns:
            if hasattr(entry, "url_patterns"):
                walk(entry.url_patterns)
            elif entry.callback.__module__.startswith("plainchant.web.account"):
                found.append(entry)

    walk(get_resolver().url_patterns)
    return found


def test_json_has_the_request_what_was_given_beside_and_the_error() -> None:
    token = request_id.set("req-12345678")
    try:
        entry = json.loads(line(JsonLines(), "went %s", "wrong", status=500, path="/é", other=object()))
    finally:
        request_id.reset(token)
    assert entry["message"] == "went wrong"
    assert (entry["level"], entry["logger"], entry["request"]) == ("WARNING", "plainchant.test", "req-12345678")
    assert (entry["status"], entry["path"]) == (500, "/é")
    assert "other" not in entry
    assert entry["time"].endswith("+00:00")
    assert "[-]" in line(PlainLines(), "alone")


class _Outbox(ErrorMails):
    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []

    def _send(self, subject: str, body: str) -> None:
        self.sent.append((subject, body))


TYPED = " ".join(("le", "mot", "de", "passe"))  # in no line of this file: a trace shows those


def _fail(handler: logging.Handler, number: int) -> None:
    # Each its own line of a file that is not there, as each fault has its own.
    try:
        exec(compile("\n" * number + "int(typed)", "fault.py", "exec"), {"typed": TYPED})  # noqa: S102
    except ValueError:
        record = logging.LogRecord("plainchant.web", logging.ERROR, "", 1, "it failed", (), sys.exc_info())
        WithRequest().filter(record)
        handler.handle(record)


def test_an_error_is_mailed_once_an_hour_without_what_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    handler = _Outbox()
    monkeypatch.setattr("plainchant.portal.lib.logs.threading.Thread", _AtOnce)
    for _ in range(50):
        _fail(handler, 1)
    assert len(handler.sent) == 1
    subject, body = handler.sent[0]
    assert "ValueError fault.py:2" in subject
    assert TYPED not in body
    for number in range(2, 60):
        _fail(handler, number)
    assert len(handler.sent) == ErrorMails.MOST_AN_HOUR


class _AtOnce:
    def __init__(self, *, target, args, daemon) -> None:
        self._call = lambda: target(*args)

    def start(self) -> None:
        self._call()
