"""What every answer carries, and how a stranger's file leaves the portal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client, override_settings

from plainchant.portal.drafts.attachments import attach
from plainchant.portal.invoices.models import InvoiceFile
from plainchant.portal.lib.outages import Dependency
from plainchant.portal.rights.actor import Actor
from plainchant.portal.store.operations import keep
from plainchant.web.front import _plain, _unavailable
from plainchant.web.pages import download, pdf
from tests.making import a_draft, a_member, a_structure, an_upload

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

EVERYWHERE = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "X-Frame-Options",
    "Cross-Origin-Opener-Policy",
)
OVER_TLS = {
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
}

HSTS = "max-age=31536000; includeSubDomains"


@override_settings(**OVER_TLS)
def test_every_answer_is_protected_alike_and_says_what_it_is() -> None:
    """Pages, errors, refused methods, styles and scripts."""
    headers = {"X-Forwarded-Proto": "https", "Origin": "https://elsewhere.example"}
    visitor = Client(headers=headers, raise_request_exception=False)
    answers = [
        visitor.get("/"),
        visitor.get("/cette-page-nexiste-pas/"),
        visitor.put("/"),
        visitor.post("/compte/connexion/", {"login": "a" * 5000}),
        visitor.get("/health"),
        visitor.get("/static/plainchant/plainchant.css"),
        visitor.get("/static/plainchant/plainchant.js"),
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 405, 200, 200, 200, 200]
    policy = {name: answers[0][name] for name in EVERYWHERE} | {"Strict-Transport-Security": HSTS}
    for answer in answers:
        answer.close()  # type: ignore[attr-defined]
        assert {name: answer.headers.get(name) for name in policy} == policy, answer.request["PATH_INFO"]
        assert "Access-Control-Allow-Origin" not in answer.headers  # no other site reads it
        is_without = answer.status_code == 405 or answer["Content-Type"] == "application/json"  # which is UTF-8
        assert is_without or "charset=utf-8" in answer["Content-Type"].replace('"', "")


def test_what_the_front_answers_itself_is_protected_as_pages_are() -> None:
    visitor = Client(headers={"X-Forwarded-Proto": "https"})
    with override_settings(**OVER_TLS):
        page = visitor.get("/")
        asked = [{"path": "/"}, {"path": "/cpro/factures/v1/deposer/flux"}]
        answers = [made for scope in asked for made in (_plain(scope, 408, "…"), _unavailable(scope, Dependency.TIME))]
        for answer in answers:
            found = {name.decode(): value.decode() for name, value in answer.headers}
            for name in (*EVERYWHERE, "Strict-Transport-Security"):
                assert found[name.lower()] == page[name]
            assert "charset=utf-8" in found["content-type"]


@pytest.mark.parametrize("path", ["/static/", "/static/plainchant/", "/.git/config", "/documents/"])
def test_no_folder_is_listed_and_nothing_is_served_but_pages_and_static_files(path: str) -> None:
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("method", ["trace", "put", "delete", "patch", "options"])
def test_no_page_answers_other_methods(method: str) -> None:
    assert getattr(Client(), method)("/").status_code == 405


def test_pages_allow_no_inline_script_and_no_frame() -> None:
    policy = Client().get("/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_what_one_person_saw_does_not_stay_in_a_shared_computer(at: datetime) -> None:
    client = Client()
    client.force_login(a_member(structure=a_structure(at=at), at=at))
    assert "no-store" in client.get("/factures/")["Cache-Control"]


@pytest.mark.parametrize("name", ["page.html", "dessin.svg", "données.xml"])
def test_a_strangers_file_is_saved_and_never_shown(at: datetime, name: str) -> None:
    seller = a_structure(at=at)
    artist = a_member(structure=seller, at=at)
    draft = a_draft(seller=seller, user=artist, at=at)
    hostile = b"<script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script>"
    [file] = attach(draft=draft.draft, uploads=[an_upload(content=hostile, name=name)], actor=Actor(artist), at=at)
    client = Client()
    client.force_login(artist)
    answer = client.get(f"/factures/piece/{file.uid}/")
    assert b"".join(answer.streaming_content) == hostile
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ('fact"ure; filename=x.exe', 'attachment; filename="fact\\"ure; filename=x.exe"'),
        ("été.pdf\r\nX-Forged: 1", "attachment; filename*=utf-8''%C3%A9t%C3%A9.pdf%0D%0AX-Forged%3A%201"),
        ("devis\n.pdf", "attachment; filename*=utf-8''devis%0A.pdf"),
    ],
)
def test_no_name_of_a_file_reaches_beyond_its_place_in_the_header(at: datetime, name: str, header: str) -> None:
    stored = keep(file=ContentFile(b"%PDF-1.7"), name="a.pdf", media_type="application/pdf", at=at)
    answer = download(stored=stored, name=name)
    answer.close()
    assert answer["Content-Disposition"] == header
    made = pdf(content=b"", name=name)["Content-Disposition"]
    assert made.startswith("attachment; filename*=UTF-8''")
    assert not set(made.partition("''")[2]) & set(' ";\r\n')


def test_a_page_of_the_document_is_a_picture(at: datetime) -> None:
    seller = a_structure(at=at)
    artist = a_member(structure=seller, at=at)
    draft = a_draft(seller=seller, user=artist, at=at)
    client = Client()
    client.force_login(artist)
    answer = client.get(f"/factures/{draft.uid}/page/1.png")
    assert answer["Content-Type"] == "image/png"
    assert client.get(f"/factures/{draft.uid}/page/2.png").status_code == 404
    assert InvoiceFile.objects.filter(invoice=draft).count() == 1


_COOKIES_IN_PRODUCTION = """
import django, json; django.setup()
from django.conf import settings
from django.contrib.messages import INFO
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.test import RequestFactory
from plainchant.web.account.sessions import SessionStore
from plainchant.web.passing_messages import MessageStorage
request, response = RequestFactory().get("/", secure=True), HttpResponse()
CsrfViewMiddleware(lambda request: get_token(request) and response)(request)
request.session = SessionStore()
waiting = MessageStorage(request)
waiting.add(INFO, "Enregistré.")
waiting.update(response)
response.set_cookie(settings.SESSION_COOKIE_NAME, "a", path=settings.SESSION_COOKIE_PATH,
    domain=settings.SESSION_COOKIE_DOMAIN, secure=settings.SESSION_COOKIE_SECURE,
    httponly=settings.SESSION_COOKIE_HTTPONLY, samesite=settings.SESSION_COOKIE_SAMESITE)
found = response.cookies.values()
assert settings.SECURE_HSTS_INCLUDE_SUBDOMAINS
print(json.dumps([[c.key, c["secure"], c["path"], c["domain"], c["samesite"], c["httponly"]] for c in found]))
"""


def test_in_production_each_cookie_is_of_this_host_alone(tmp_path: Path) -> None:
    """Scripts read one: the token that they send back with a form."""
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "plainchant.config.settings",
        "PLAINCHANT_DATA": str(tmp_path),
        "PLAINCHANT_PRODUCTION": "1",
        "PLAINCHANT_SECRET_KEY": "V2hlcmUgdGhlIHdpbGQgdGhpbmdzIGFyZSwgMTk2Mw",
        "PLAINCHANT_URL": "https://testserver",
        "PLAINCHANT_HSTS_SUBDOMAINS": "1",
    }
    command = [sys.executable, "-W", "ignore", "-c", _COOKIES_IN_PRODUCTION]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    cookies = json.loads(done.stdout)
    assert sorted(name for name, *_ in cookies) == ["__Host-csrftoken", "__Host-messages", "__Host-sessionid"]
    assert [row[1:5] for row in cookies] == [[True, "/", "", "Lax"]] * 3
    assert [row[0] for row in cookies if row[5] is not True] == ["__Host-csrftoken"]
