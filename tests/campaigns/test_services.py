"""The services of the campaigns fail in the ways they say, and know what they have taken."""

from __future__ import annotations

import smtplib

import pytest

from tests.campaigns.services import MailServer

_PATIENCE = 0.2  # with a server that hangs


@pytest.fixture(scope="module")
def server() -> MailServer:
    return MailServer()


def _send(server: MailServer, name: str) -> None:
    with smtplib.SMTP("127.0.0.1", server.port, timeout=_PATIENCE if server.way == "hangs" else 10) as client:
        client.sendmail("a@b.example", ["c@d.example"], f"Message-ID: <{name}>\n\nBonjour\n")


def test_a_mail_server_takes_messages(server: MailServer) -> None:
    _send(server, "well")
    assert server.taken["well"] == 1


@pytest.mark.parametrize("way", MailServer.ways)
def test_it_fails_as_it_is_asked_to_and_then_no_more(server: MailServer, way: str) -> None:
    server.go(way)
    with pytest.raises((OSError, smtplib.SMTPException)):
        _send(server, way)
    server.mend()
    assert server.taken[way] == (1 if way == "hangs up after" else 0)
    _send(server, f"{way}, mended")
    assert server.taken[f"{way}, mended"] == 1
