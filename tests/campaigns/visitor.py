"""A person in front of the real pages: cookies, forms with their token, and much patience. Standard library only."""

from __future__ import annotations

import http.client
import re
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar
from urllib.parse import urlsplit

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_LOG_IN = "/compte/connexion/"


@dataclass(frozen=True)
class Answer:
    status: int
    path: str  # of the page that was reached, after redirections
    text: str


class GaveUp(Exception):
    """The portal did not answer for too long."""


class Visitor:
    """One browser. What gets no answer is tried again, as people do; ``asked`` and ``unanswered`` count."""

    def __init__(self, address: str, *, patience: float = 120) -> None:
        self.address = address
        self.patience = patience
        self.asked = self.unanswered = self.unavailable = 0
        self.server_errors: list[str] = []
        # Of each request: when it was first sent, the seconds until it was answered, how many times it was sent.
        self.answers: list[tuple[float, float, int]] = []
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._token = ""
        self._path = ""
        self._status = 0

    @property
    def is_logged_out(self) -> bool:
        """The last page was the one to log in on, or a form of a log-in that has ended was refused."""
        return self._path == _LOG_IN or self._status == 403

    def get(self, path: str) -> Answer:
        return self._patiently(lambda: urllib.request.Request(self.address + path))

    def post(self, path: str, fields: Mapping[str, str], *, file: tuple[str, bytes] | None = None) -> Answer:
        """Send a form. Sent again, whole, until something is answered: the portal must bear it."""

        def form() -> urllib.request.Request:
            boundary = uuid.uuid4().hex
            parts = [
                f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
                for name, value in {"csrfmiddlewaretoken": self._token, **fields}.items()
            ]
            if file is not None:
                head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file[0]}"\r\n\r\n'
                parts += [head.encode(), file[1], b"\r\n"]
            body = b"".join([*parts, f"--{boundary}--\r\n".encode()])
            headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Referer": self.address + path}
            return urllib.request.Request(self.address + path, data=body, headers=headers)

        return self._patiently(form)

    def log_in(self, email: str, password: str) -> None:
        for _ in range(5):
            self.get(_LOG_IN)
            if self.post(_LOG_IN, {"login": email, "password": password}).path != _LOG_IN:
                return
        raise GaveUp(f"{email} cannot log in")

    def _patiently(self, request: Callable[[], urllib.request.Request]) -> Answer:
        begun, tries = time.monotonic(), 0
        while time.monotonic() < begun + self.patience:
            self.asked += 1
            tries += 1
            try:
                with self._opener.open(request(), timeout=60) as answer:
                    self.answers.append((begun, time.monotonic() - begun, tries))
                    return self._read(answer.status, answer.geturl(), answer.read())
            except urllib.error.HTTPError as error:
                try:
                    body = error.read()
                except (OSError, http.client.HTTPException):
                    body = b""
                if error.code < 500:
                    return self._read(error.code, error.geturl() or "", body)
                if error.code == 503 and error.headers.get("Retry-After"):
                    self.unavailable += 1  # the portal says that it will be able to, later
                else:
                    self.server_errors.append(f"{error.code} {error.geturl()}")
            except (OSError, http.client.HTTPException):
                pass
            self.unanswered += 1
            time.sleep(0.1)
        raise GaveUp("no answer any more")

    def _read(self, status: int, url: str, body: bytes) -> Answer:
        text = body.decode("utf-8", "replace")
        found = _TOKEN.search(text)
        if found:
            self._token = found[1]
        self._path, self._status = urlsplit(url).path, status
        return Answer(status, self._path, text)
