"""Posting to an address that somebody typed: to the internet alone, to what was looked at, within a time."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Iterator
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from plainchant.portal.lib.outgoing import NotAllowedThere, host_of, is_public, post

HOST = "recoit.example.org"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
        "ff02::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:a00:1::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1",
    ],
)  # fmt: skip
def test_no_address_of_a_machine_or_a_private_network_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450:4007:80e::200e"])
def test_an_address_of_the_internet_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example.org/", "ftp://a.example.org/", "https://localhost/", "https://10.0.0.1/", "https://127.1/",
        "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://2130706433/", "https://a:b@c.example.org/",
        "https://a.example.org:8443/", "https://a.example.org/#x", "https://a.example.org\\@b.org/", "https:///x",
        "https://a.example.org/a b", "https://a.example.org/\r\nX: y", "https://é.example.org/", "//a.example.org",
        "https://a.example.org/" + "x" * 500, "https://a.example.org:x/", "https://@a.example.org/",
    ],
)  # fmt: skip
def test_an_address_that_is_no_plain_https_one_is_refused(url: str) -> None:
    with pytest.raises((ValueError, NotAllowedThere)):
        host_of(url)


def test_a_plain_https_address_is_taken() -> None:
    assert host_of("https://a.example.org:443/x?y=1") == "a.example.org"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[HTTPServer, ssl.SSLContext]]:
    """A server of this machine that proves to be HOST to whoever trusts its certificate."""
    folder = tmp_path_factory.mktemp("tls")
    _certificate(folder)
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(folder / "pem")
    listening = HTTPServer(("127.0.0.1", 0), _Receiver)
    listening.socket = ours.wrap_socket(listening.socket, server_side=True)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield listening, ssl.create_default_context(cafile=str(folder / "pem"))
    listening.shutdown()
    thread.join()
    listening.server_close()


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    begun = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(begun)
        .not_valid_after(begun + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "pem").write_bytes(private + made.public_bytes(serialization.Encoding.PEM))


patience = threading.Event()


class _Receiver(BaseHTTPRequestHandler):
    got: list[tuple[str, bytes, str]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((self.path, body, self.headers["Host"]))
        if self.path == "/slow":
            try:
                while True:  # until it is hung up
                    self.wfile.write(b"H")
                    self.wfile.flush()
                    patience.wait(0.02)
            except OSError:
                return
        self.send_response(307 if self.path == "/elsewhere" else 204)
        self.send_header("Location", "https://autre.example.org/")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def _names_this_machine(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """As the name server of whoever means harm may answer."""

    def found(host: str, port: int, **_: Any) -> list[Any]:
        assert host == HOST
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)


def posted(server: Any, path: str, *, seconds: float = 10, **more: Any) -> int:
    listening, trusting = server
    return post(
        url=f"https://{HOST}{path}", body=b"{}", headers={}, seconds=seconds, context=trusting,
        port=listening.server_port, **more,
    )  # fmt: skip


def test_it_is_sent_to_the_address_that_was_looked_at_and_nothing_is_followed(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _names_this_machine(monkeypatch, "127.0.0.1")
    looked_at: list[str] = []
    allows = lambda address: not looked_at.append(address)  # type: ignore[func-returns-value]  # noqa: E731
    assert posted(server, "/x?y=1", allows=allows) == 204
    assert posted(server, "/elsewhere", allows=allows) == 307
    assert looked_at == ["127.0.0.1", "127.0.0.1"]
    path, body, host = _Receiver.got[0]
    assert (path, body, host.split(":")[0]) == ("/x?y=1", b"{}", HOST)


def test_a_name_with_one_address_that_is_not_public_is_refused_whatever_the_others(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _Receiver.got.clear()
    for addresses in (["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], []):
        _names_this_machine(monkeypatch, *addresses)
        with pytest.raises(NotAllowedThere):
            posted(server, "/")
    assert _Receiver.got == []


def test_who_cannot_prove_to_be_the_host_receives_nothing(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _names_this_machine(monkeypatch, "127.0.0.1")
    _Receiver.got.clear()
    with pytest.raises(ssl.SSLError):
        post(
            url=f"https://{HOST}/", body=b"{}", headers={}, seconds=10, allows=lambda _: True,
            port=server[0].server_port,
        )  # fmt: skip
    assert _Receiver.got == []


def test_who_answers_a_sign_at_a_time_is_not_waited_for(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _names_this_machine(monkeypatch, "127.0.0.1")
    with pytest.raises((OSError, HTTPException)):
        posted(server, "/slow", seconds=0.3, allows=lambda _: True)
