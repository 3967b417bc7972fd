"""A service that people log in with: OpenID Connect by Authlib and Flask, on the loopback.

RS256, discovery, PKCE required, one confidential client with one address to come back to. What it says of people can be
bent (`Provider.bent`), for what must not be believed.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import flask
import pytest
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import WSGIRequestHandler, make_server

CLIENT_ID, CLIENT_SECRET = "le-portail", "un secret de client & des signes"


class Provider:
    """What is known of people is in ``people``, by subject; ``bent`` changes a token's claims before it is signed.

    ``signs_userinfo`` is ProConnect's way. ``trouble``: the status that the token address gives instead of an answer.
    """

    def __init__(self, *, comes_back_to: str) -> None:
        self.comes_back_to = comes_back_to
        self.people: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []  # the paths of its requests
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.issuer = ""
        self.usual()

    def usual(self) -> None:
        """As honest as it began."""
        self.bent: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
        self.signing_key, self.signs_userinfo, self.trouble = self.key, False, 0
        self.userinfo_of = ""

    def signed(self, claims: dict[str, Any]) -> str:
        header = {"alg": "RS256", "kid": self.signing_key.kid}
        return jwt.encode(header, self.bent(claims), self.signing_key)


class _Client(ClientMixin):
    """The portal, as the service knows it."""

    auth_method = "client_secret_post"

    def __init__(self, address: str) -> None:
        self.address = address

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> str:
        return self.address

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.address

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_post"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


def _app(provider: Provider) -> flask.Flask:
    app = flask.Flask("provider")
    codes: dict[str, Any] = {}
    tokens: dict[str, str] = {}  # subjects by access token

    class CodeGrant(AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_post"]

        def save_authorization_code(self, code: str, request: Any) -> None:
            asked = request.payload.data
            codes[code] = SimpleNamespace(
                code=code,
                subject=request.user.subject,
                code_challenge=asked.get("code_challenge"),
                code_challenge_method=asked.get("code_challenge_method"),
                get_redirect_uri=lambda: asked.get("redirect_uri"),
                get_scope=lambda: asked.get("scope"),
                get_nonce=lambda: asked.get("nonce"),
                get_auth_time=lambda: int(time.time()),
                get_acr=lambda: provider.people[request.user.subject].get("acr", ""),
                get_amr=lambda: provider.people[request.user.subject].get("amr", []),
            )

        def query_authorization_code(self, code: str, client: Any) -> Any:
            return codes.get(code)

        def delete_authorization_code(self, authorization_code: Any) -> None:
            codes.pop(authorization_code.code)

        def authenticate_user(self, authorization_code: Any) -> Any:
            return SimpleNamespace(subject=authorization_code.subject)

    class Tokens(OpenIDCode):
        def exists_nonce(self, nonce: str, request: Any) -> bool:
            return False

        def resolve_client_private_key(self, client: Any) -> Any:
            return provider.key

        def get_client_claims(self, client: Any) -> dict[str, Any]:
            return {"iss": provider.issuer, "aud": [CLIENT_ID]}

        def generate_user_info(self, user: Any, scope: str) -> dict[str, Any]:
            return {"sub": user.subject}

    server = AuthorizationServer(
        app,
        query_client=lambda client_id: _Client(provider.comes_back_to) if client_id == CLIENT_ID else None,
        save_token=lambda token, request: tokens.update({token["access_token"]: request.user.subject}),
    )
    server.register_grant(CodeGrant, [Tokens(require_nonce=True), CodeChallenge(required=True)])

    @app.before_request
    def note() -> None:
        provider.asked.append(flask.request.path)

    @app.get("/.well-known/openid-configuration")
    def discovery() -> dict[str, Any]:
        return {
            "issuer": provider.issuer,
            "authorization_endpoint": f"{provider.issuer}/authorize",
            "token_endpoint": f"{provider.issuer}/token",
            "userinfo_endpoint": f"{provider.issuer}/userinfo",
            "end_session_endpoint": f"{provider.issuer}/session/end",
            "jwks_uri": f"{provider.issuer}/jwks",
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "claims_parameter_supported": True,
        }

    @app.get("/jwks")
    def jwks() -> dict[str, Any]:
        return {"keys": [provider.key.as_dict(private=False)]}

    @app.post("/authorize")
    def authorize() -> Any:
        person = SimpleNamespace(subject=flask.request.args["login"]) if flask.request.args["login"] else None
        return server.create_authorization_response(grant_user=person, grant=server.get_consent_grant(person))

    @app.post("/token")
    def token() -> Any:
        if provider.trouble:
            return "", provider.trouble
        answer = server.create_token_response()
        given = json.loads(answer.get_data())
        if "id_token" in given:
            claims = jwt.decode(given["id_token"], provider.key).claims
            given["id_token"] = provider.signed(claims)
            answer.set_data(json.dumps(given))
        return answer

    @app.get("/userinfo")
    def userinfo() -> Any:
        subject = tokens[flask.request.headers["Authorization"].removeprefix("Bearer ")]
        about = {**provider.people[subject], "sub": provider.userinfo_of or subject}
        if not provider.signs_userinfo:
            return about
        signed = provider.signed({**about, "iss": provider.issuer, "aud": CLIENT_ID})
        return flask.Response(signed, content_type="application/jwt")

    return app


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: Any, **__: Any) -> None:
        """Nothing."""


@contextmanager
def running(*, comes_back_to: str) -> Iterator[Provider]:
    """The service, on a port of its own."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    provider = Provider(comes_back_to=comes_back_to)
    server = make_server("127.0.0.1", 0, _app(provider), threaded=True, request_handler=_Quiet)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()
    del os.environ["AUTHLIB_INSECURE_TRANSPORT"]


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def agreed(address: str, *, subject: str) -> str:
    """Somebody logs in over there, at the address that the portal sent them to: where they are sent back to.

    Without a subject they refuse.
    """
    request = Request(f"{address}&{urlencode({'login': subject})}", data=b"")
    with pytest.raises(HTTPError) as answer, build_opener(_NoRedirect).open(request):
        pass
    with answer.value:
        return str(answer.value.headers["Location"])
