"""A mail server that is away is told from one that will never let the portal in: only the second stops a start."""

from __future__ import annotations

import smtplib
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import override_settings

from plainchant.portal.mail.operations import MailServerAway
from plainchant.portal.mail.reaching import SenderRefused, try_server


@contextmanager
def mail_server(**answers: bytes) -> Iterator[None]:
    """The mail server of the settings: « 250 » to every word but these. An empty answer: it hangs up."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            words = (line[:4].decode().strip().lower() for line in iter(self.rfile.readline, b""))
            answer = answers.get("greeting", b"220 mail.example")
            while answer:
                self.wfile.write(answer + b"\r\n")
                answer = answers.get(next(words, "gone"), b"250 ok")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        with at_port(server.server_address[1]):
            yield
        server.shutdown()
        thread.join()


def at_port(port: int) -> override_settings:
    return override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        EMAIL_HOST_USER="",
        DEFAULT_FROM_EMAIL="Factures <factures@example.org>",
    )


@pytest.mark.parametrize(
    "answers",
    [{"greeting": b"421 too busy"}, {"greeting": b""}, {"mail": b"450 come back later"}],
    ids=["says that it is too busy", "hangs up", "does not know yet about the sender"],
)
def test_a_server_that_says_later_is_away(answers: dict[str, bytes]) -> None:
    with mail_server(**answers), pytest.raises(MailServerAway):
        try_server()


def test_nobody_there_is_away() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        with at_port(nobody.getsockname()[1]), pytest.raises(MailServerAway):
            try_server()


def test_a_server_that_wants_no_such_sender_is_a_setting_to_correct() -> None:
    with mail_server(mail=b"550 not here"), pytest.raises(SenderRefused):
        try_server()


def test_a_server_that_lets_nobody_in_is_a_setting_to_correct() -> None:
    with mail_server(greeting=b"554 no"), pytest.raises(smtplib.SMTPConnectError):
        try_server()


def test_one_that_takes_mail_is_well() -> None:
    with mail_server():
        try_server()
