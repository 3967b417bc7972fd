"""Posting to an address that somebody has typed: over https, to a public address of the internet and to no other.

The name is resolved when it is sent, each of its addresses is looked at, and the connection is made to the one that
was looked at: a name that changes in between leads nowhere (DNS rebinding). Nothing is followed, no proxy is used.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from urllib.parse import urlsplit

PORT = 443
MOST_SIGNS = 500  # of an address
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotAllowedThere(OSError):
    """The address is none that may be posted to."""


def host_of(url: str) -> str:
    """The name of the machine in an address that may be posted to: « https://name.tld/… », without a port of its own.

    ValueError for any other.
    """
    if len(url) > MOST_SIGNS or not url.isascii() or not url.isprintable() or set(url) & set(' "<>\\^`{|}'):
        raise ValueError("signs that no address has")
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or "@" in parts.netloc or parts.fragment or parts.port not in (None, PORT):
        raise ValueError("not a plain https address")
    if "." not in host.strip(".") or not all(label.isdigit() or label for label in host.rstrip(".").split(".")):
        raise ValueError("no name of the internet")
    with suppress(ValueError):
        ipaddress.ip_address(host)
        raise NotAllowedThere("a number in place of a name")
    if host.rstrip(".").rsplit(".", 1)[-1].isdigit():
        raise ValueError("a number in place of a name")
    return host


def is_public(address: str) -> bool:
    """Whether it is an address of the internet: not of this machine, nor of a private network, nor one in disguise."""
    found: Address = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if inner or any(found in network for network in _NAT64):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved and not found.is_unspecified


def post(
    *,
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    seconds: float,
    allows: Callable[[str], bool] = is_public,
    context: ssl.SSLContext | None = None,
    port: int = PORT,
) -> int:
    """The status that the other side answers; what it says besides is not read.

    Raises ValueError for an address that is no plain https one, NotAllowedThere where its name leads into a network
    that is none of the internet's, OSError and http.client.HTTPException where nobody answers in ``seconds``.
    """
    host = host_of(url)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(row[4][0]) for row in found))
    if not addresses or not all(allows(address) for address in addresses):
        raise NotAllowedThere("its name leads to an address that is none of the internet's")
    tls = context or ssl.create_default_context()
    connection = _Pinned(host, addresses[0], port=port, timeout=seconds, context=tls)
    watch = threading.Timer(seconds, connection.cut)
    watch.start()
    try:
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body=body, headers=dict(headers))
        return connection.getresponse().status
    finally:
        watch.cancel()
        connection.close()


class _Pinned(http.client.HTTPSConnection):
    """A connection to the address that was looked at, to whoever proves to be the host."""

    def __init__(self, host: str, address: str, *, port: int, timeout: float, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=timeout, context=context)
        self._address, self._tls = address, context

    def connect(self) -> None:
        plain = socket.socket(socket.AF_INET6 if ":" in self._address else socket.AF_INET, socket.SOCK_STREAM)
        self.sock = plain
        plain.settimeout(self.timeout)
        plain.connect((self._address, self.port))
        # The handshake comes once `cut` can end it.
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()

    def cut(self) -> None:
        """End it from another thread: whoever sends a sign a second is not waited for."""
        sock = self.sock
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
