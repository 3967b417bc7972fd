"""A program of the tests: it asks for a token, then calls, as those of vendors do."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client

from plainchant.api.tokens import token_for
from plainchant.portal.lib.time import now
from plainchant.portal.structures.models import Application, TechnicalAccount


@dataclass(frozen=True)
class Program:
    """``identifier`` and ``secret`` of its technical account."""

    application: Application
    account: TechnicalAccount
    secret: str

    def reads(self, path: str) -> HttpResponse:
        """What the portal answers to a GET."""
        return self.call(path, method="get")

    def call(self, path: str, body: Any = None, *, method: str = "post", **headers: str) -> HttpResponse:
        """What the portal answers to a JSON body; ``headers`` replace those that a program sends, "" leaves one out."""
        sent = {
            "Authorization": f"Bearer {token_for(self.application, at=now())}",
            "cpro-account": b64encode(f"{self.account.identifier}:{self.secret}".encode()).decode(),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        kind = sent.pop("content-type", "application/json;charset=utf-8")
        kept = {name: value for name, value in sent.items() if value}
        if method == "get":
            return Client().get(path, headers=kept)  # type: ignore[return-value]
        content = body if isinstance(body, str | bytes) else json.dumps({} if body is None else body)
        return Client().post(path, content, content_type=kind, headers=kept)  # type: ignore[return-value]

    def asks(self, path: str, body: Any = None) -> dict[str, Any]:
        """The JSON of an answer whose status is 200."""
        response = self.call(path, body)
        content = response.getvalue()  # some are sent piece by piece
        assert response.status_code == 200, content
        return json.loads(content)
