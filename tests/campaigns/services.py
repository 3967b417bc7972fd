"""The mail server, the S3 store and the antivirus fail by script while people deposit; then the judge speaks.

Run: DATABASE_URL=postgres://… python -m tests.campaigns.services [--rounds 100] [--seed 1]     (or … --database)

The documents are in moto's S3, behind a line that can refuse, hang, hang up, or answer 500 and 503, before or after S3
has done what it was asked. The mail server takes messages, says « later » or « never », hangs, or hangs up, before or
after it has taken one. The antivirus says that all is well, hangs, hangs up or cannot look. Each for up to six seconds.
Besides what `judge` looks at, every message that the portal marked as sent must have been taken by the mail server.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tests.campaigns.cluster import cluster
from tests.campaigns.crash import database_of_its_own, folder_of_its_own
from tests.campaigns.judge import Tables
from tests.campaigns.portal import Portal
from tests.campaigns.rounds import Scene, command

WELL = "well"
BUCKET = "documents"


class Service:
    """A server on a port of its own, which does what its ``way`` says; a thread a connection.

    The ways `refuses` (nobody is there) and `hangs` (it takes calls and says nothing until it is mended) are known to
    every service, `well` and the others to `serve`.
    """

    ways: tuple[str, ...] = ("refuses", "hangs")

    def __init__(self, *, port: int = 0) -> None:
        self.way = WELL
        self._mended = threading.Event()
        self.port = port
        self._listen()

    def go(self, way: str) -> None:
        self._mended.clear()
        self.way = way
        if way == "refuses":
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()

    def mend(self) -> None:
        was, self.way = self.way, WELL
        if was == "refuses":
            self._listen()
        self._mended.set()

    def serve(self, caller: socket.socket, lines: BinaryIO) -> None:
        """Answer a caller until it hangs up."""
        raise NotImplementedError

    def _listen(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port), reuse_port=True, backlog=100)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(caller,), daemon=True).start()

    def _answer(self, caller: socket.socket) -> None:
        with caller, caller.makefile("rb") as lines, contextlib.suppress(OSError, http.client.HTTPException):
            self.wait_if_it_hangs()
            self.serve(caller, lines)

    def wait_if_it_hangs(self) -> None:
        if self.way == "hangs":
            self._mended.wait(120)
            raise OSError("whoever waited has gone")


class MailServer(Service):
    """Remembers how often it took the message of each Message-ID."""

    ways = ("refuses", "hangs", "says later", "says never", "hangs up before", "hangs up after")

    def __init__(self, *, port: int = 0) -> None:
        self.taken: Counter[str] = Counter()
        super().__init__(port=port)

    def serve(self, caller: socket.socket, lines: BinaryIO) -> None:
        caller.sendall(b"220 mail.example\r\n")
        for line in lines:
            self.wait_if_it_hangs()
            word = line[:4].upper().strip()
            if word == b"DATA":
                caller.sendall(b"354 go on\r\n")
                message = b"".join(iter(lines.readline, b".\r\n"))
                caller.sendall(self._taken(message))
            elif word == b"QUIT":
                caller.sendall(b"221 bye\r\n")
                return
            else:
                caller.sendall(b"250 mail.example\r\n")

    def _taken(self, message: bytes) -> bytes:
        if self.way == "hangs up before":
            raise OSError
        if self.way == "says later":
            return b"451 try again later\r\n"
        if self.way == "says never":
            return b"554 no\r\n"
        named = re.search(rb"^Message-ID: *<([^>]+)>", message, re.MULTILINE | re.IGNORECASE)
        self.taken[named[1].decode() if named else "none"] += 1
        if self.way == "hangs up after":
            raise OSError
        return b"250 taken\r\n"

    def untaken(self, tables: Tables) -> list[str]:
        """What the portal believes to have sent, and has not. The demonstration's own messages never leave."""
        numbers = {name.partition(".")[0] for name in self.taken}
        rows = tables.rows("SELECT id, kind FROM mail_message WHERE sent_at IS NOT NULL AND attempts > 0")
        return [f"message {number} ({kind}) was marked as sent, and never was" for number, kind in rows
                if str(number) not in numbers]  # fmt: skip


class Antivirus(Service):
    ways = ("refuses", "hangs", "hangs up", "cannot look")

    def serve(self, caller: socket.socket, lines: BinaryIO) -> None:
        while lines.read(1) not in (b"\0", b"\n", b""):  # the command
            pass
        while size := int.from_bytes(lines.read(4)):
            lines.read(size)
        if self.way == "hangs up":
            return
        caller.sendall(b"stream: OK\0" if self.way == WELL else b"INSTREAM: cannot open a file ERROR\0")


class LineToS3(Service):
    """Hands each request on to S3, or not."""

    ways = ("refuses", "hangs", "says 500", "says 503", "hangs up before", "hangs up after")

    def __init__(self, port: int) -> None:
        self._s3 = port
        super().__init__()

    def serve(self, caller: socket.socket, lines: BinaryIO) -> None:
        while first := lines.readline():
            self.wait_if_it_hangs()
            method, path, _ = first.decode().split()
            headers = http.client.parse_headers(lines)
            if headers.get("Expect"):
                caller.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                del headers["Expect"]
            body = lines.read(int(headers.get("Content-Length", 0)))
            way = self.way
            if way == "hangs up before":
                return
            if way in ("says 500", "says 503"):
                number = way.removeprefix("says ")
                caller.sendall(f"HTTP/1.1 {number} Trouble\r\nContent-Length: 0\r\n\r\n".encode())
                continue
            answer, content = self._asked(method, path, dict(headers.items()), body)
            if way == "hangs up after":
                return
            sent_on = [(name, value) for name, value in answer.getheaders() if name.lower() not in _OF_THE_CONNECTION]
            if method != "HEAD":
                sent_on = [(name, value) for name, value in sent_on if name.lower() != "content-length"]
                sent_on.append(("Content-Length", str(len(content))))
            head = "".join(f"{name}: {value}\r\n" for name, value in sent_on)
            caller.sendall(f"HTTP/1.1 {answer.status} {answer.reason}\r\n{head}\r\n".encode() + content)

    def _asked(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[http.client.HTTPResponse, bytes]:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self._s3, timeout=60)) as connection:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            return answer, answer.read()


_OF_THE_CONNECTION = ("connection", "transfer-encoding", "keep-alive")


@contextmanager
def s3(
    *, host: str = "127.0.0.1", port: int = 0, bucket: str = BUCKET, inside: Sequence[str] = ()
) -> Iterator[tuple[int, Callable[[], Path]]]:
    """The port of an S3 with an empty bucket; how to have its documents in a folder."""
    if not port:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
    command = [*inside, sys.executable, "-m", "moto.server", "-H", host, "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    import boto3

    client = boto3.client(
        "s3",
        endpoint_url=f"http://{host}:{port}",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        region_name="us-east-1",
    )
    with tempfile.TemporaryDirectory(prefix="plainchant-bucket-") as folder:

        def documents() -> Path:
            for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
                for row in page.get("Contents", ()):
                    place = Path(folder, row["Key"])
                    place.parent.mkdir(parents=True, exist_ok=True)
                    client.download_file(bucket, row["Key"], str(place))
            return Path(folder)

        try:
            _until_it_answers(host, port)
            client.create_bucket(Bucket=bucket)
            yield port, documents
        finally:
            process.kill()
            process.wait()


def settings_of_s3(*, host: str, port: int) -> dict[str, str]:
    """What a portal is told of it."""
    return {
        "PLAINCHANT_S3_BUCKET": BUCKET,
        "PLAINCHANT_S3_ENDPOINT": f"http://{host}:{port}",
        "PLAINCHANT_S3_REGION": "us-east-1",
        "PLAINCHANT_S3_ACCESS_KEY": "x",
        "PLAINCHANT_S3_SECRET_KEY": "x",
    }


def _until_it_answers(host: str, port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            socket.create_connection((host, port), timeout=1).close()
            return
        time.sleep(0.05)
    raise RuntimeError("moto's S3 did not come up")


@contextmanager
def failing_services(*, url: str) -> Iterator[Scene]:
    with folder_of_its_own() as folder, database_of_its_own(url) as database, s3() as (port, documents):
        mail, store, antivirus = MailServer(), LineToS3(port), Antivirus()
        settings = {
            "PLAINCHANT_SMTP_URL": f"smtp://127.0.0.1:{mail.port}",
            "PLAINCHANT_CLAMD": f"127.0.0.1:{antivirus.port}",
            **settings_of_s3(host="127.0.0.1", port=store.port),
        }
        portal = Portal(folder, database, settings=settings)
        faults: dict[str, Callable[[random.Random], None]] = {}
        for name, service in (("mail server", mail), ("S3", store), ("antivirus", antivirus)):
            faults |= {f"{name} {way}": _for_a_while(service, way) for way in service.ways}
        yield Scene(
            portal,
            faults,
            documents=documents,
            hurry=lambda: portal.command("mails", "again", "--all"),
            other_judges=[mail.untaken],
        )


def _for_a_while(service: Service, way: str) -> Callable[[random.Random], None]:
    def strike(rng: random.Random) -> None:
        service.go(way)
        time.sleep(rng.uniform(0.5, 6))
        service.mend()

    return strike


@contextmanager
def _chosen(asked: argparse.Namespace) -> Iterator[Scene]:
    with (
        cluster() if asked.database else contextlib.nullcontext() as server,
        failing_services(url=server.url if server is not None else os.environ["DATABASE_URL"]) as scene,
    ):
        yield scene


if __name__ == "__main__":
    sys.exit(command(__doc__ or "", _chosen, "database"))
