"""What is wrong with the settings is said before anything starts, each thing with its variable and what to write."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

import pytest

import plainchant
from plainchant.portal.environment.faults import faults
from plainchant.portal.environment.reading import Environment, Unreadable
from plainchant.portal.environment.table import FOR_DEVELOPMENT, VARIABLE_OF, VARIABLES, Kind

PACKAGE = Path(next(iter(plainchant.__path__)))
RIGHT = {
    "PLAINCHANT_PRODUCTION": "1",
    "PLAINCHANT_SECRET_KEY": secrets.token_urlsafe(48),
    "PLAINCHANT_DATA": "/srv/plainchant",
    "PLAINCHANT_URL": "https://factures.example.org",
    "PLAINCHANT_SMTP_URL": "smtp+tls://factures:mot%40passe@mail.example.org:587",
    "PLAINCHANT_FROM": "Factures <factures@example.org>",
    "PLAINCHANT_TRUSTED_PROXIES": "1",
    "PLAINCHANT_OPERATOR": "Coopérative des Ateliers",
    "PLAINCHANT_HELP": "aide@example.org",
}


def said(values: dict[str, str]) -> dict[str, str]:
    return {fault.variable: fault.sentence for fault in faults(values) if fault.stops}


def test_nothing_is_wrong_with_a_small_real_portal_nor_with_a_demonstration():
    assert faults(RIGHT) == []
    assert faults({}) == []
    assert faults({"PATH": "/bin", "DATABASE_URI": "x", "DATABASE_URL": "sqlite:///x", "PLAINCHANT_TEST_X": "1"}) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PLAINCHANT_SECRET_KEY", ""),
        ("PLAINCHANT_SECRET_KEY", "a"),
        ("PLAINCHANT_SECRET_KEY", "7c1e09b4d2a85f36e0917b2c4d8a53"),
        ("PLAINCHANT_SECRET_KEY", "a" * 64),
        ("PLAINCHANT_SECRET_KEY", "change-me-please" * 3),
        ("PLAINCHANT_SECRET_KEY", "plainchant-development-key-refused-in-production"),
        ("PLAINCHANT_URL", ""),
        ("PLAINCHANT_URL", "http://factures.example.org"),
        ("PLAINCHANT_URL", "factures.example.org"),
        ("PLAINCHANT_URL", "https://"),
        ("PLAINCHANT_URL", "https://factures.example.org:port"),
        ("PLAINCHANT_URL", "https://factures.example.org/portail/"),
        ("PLAINCHANT_HOSTS", "autre.example.org"),
        ("PLAINCHANT_FROM", ""),
        ("PLAINCHANT_FROM", "Factures"),
        ("PLAINCHANT_FROM", "Plainchant <ne-pas-repondre@plainchant.example>"),
        ("PLAINCHANT_SMTP_URL", ""),
        ("PLAINCHANT_SMTP_URL", "mail.example.org:587"),
        ("PLAINCHANT_SMTP_URL", "smtp+tls://mail.example.org:submission"),
        ("PLAINCHANT_POOLER_URL", "postgres://base.example.org:6432/plainchant"),
        ("PLAINCHANT_REPLICA_URL", "postgres://copie.example.org/plainchant"),
        ("PLAINCHANT_DEBUG", "1"),
        ("PLAINCHANT_SANDBOX", "1"),
        ("PLAINCHANT_SSL_REDIRECT", "oui"),
        ("PLAINCHANT_TRUSTED_PROXIES", "un"),
        ("PLAINCHANT_PRODUCTION", "vrai"),
        ("PLAINCHANT_QUEUE", "procrastinate"),
        ("PLAINCHANT_QUEUE", "celery"),
        ("PLAINCHANT_LOG_LEVEL", "info"),
        ("PLAINCHANT_SENTRY_DSN", "https://sentry.example.org"),
        ("PLAINCHANT_COMPANY_SEARCH_URL", "file:///etc/passwd"),
        ("PLAINCHANT_SECOND_FACTOR_FOR", "managers, publics"),
        ("PLAINCHANT_HELP", "au bureau"),
        ("PLAINCHANT_LEGAL_URL", "javascript:alert(1)"),
        ("DATABASE_URL", "mysql://portail@base/plainchant"),
        ("DATABASE_URL", "base.example.org"),
    ],
)
def test_a_value_that_cannot_be_right_stops_a_production_start(name, value):
    sentences = said({**RIGHT, name: value})
    assert list(sentences) == [name]
    assert name in sentences[name]
    assert sentences[name].endswith(".")


@pytest.mark.parametrize(
    ("mistyped", "meant"),
    [
        ("PLAINCHANT_SMPT_URL", "PLAINCHANT_SMTP_URL"),
        ("PLAINCHANT_FORM", "PLAINCHANT_FROM"),
        ("PLAINCHANT_PRODUCTON", "PLAINCHANT_PRODUCTION"),
        ("PLAINCHANT_TRUSTED_PROXY", "PLAINCHANT_TRUSTED_PROXIES"),
        ("PLAINCHANT_S3BUCKET", "PLAINCHANT_S3_BUCKET"),
        ("plainchant_url", "PLAINCHANT_URL"),
        ("PLAINCHAT_HOSTS", "PLAINCHANT_HOSTS"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("DATABSE_URL", "DATABASE_URL"),
    ],
)
@pytest.mark.parametrize("others", [{}, RIGHT], ids=["demonstration", "production"])
def test_a_mistyped_name_stops_any_start_and_says_the_nearest(mistyped, meant, others):
    values = {name: value for name, value in others.items() if name != meant} | {mistyped: "1"}
    assert f"écrire {meant} ?" in said(values)[mistyped]


def test_a_name_near_to_nothing_is_said_too():
    assert "Le plus proche est PLAINCHANT_" in said({"PLAINCHANT_ZZZZ_QQQQQQ": "1"})["PLAINCHANT_ZZZZ_QQQQQQ"]


def test_a_bucket_that_was_forgotten_does_not_send_documents_to_the_disk():
    assert (
        "iraient sur le disque"
        in said({**RIGHT, "PLAINCHANT_S3_ENDPOINT": "https://s3.example.org"})["PLAINCHANT_S3_BUCKET"]
    )
    half = {"PLAINCHANT_S3_BUCKET": "factures", "PLAINCHANT_S3_ACCESS_KEY": "cle"}
    assert "manque" in said({**RIGHT, **half})["PLAINCHANT_S3_SECRET_KEY"]


def test_a_service_that_people_log_in_with_is_named_whole_and_in_https():
    service = {
        "PLAINCHANT_OIDC_ISSUER": "https://identite.example.org",
        "PLAINCHANT_OIDC_CLIENT_ID": "portail",
        "PLAINCHANT_OIDC_CLIENT_SECRET": "secret",
        "PLAINCHANT_OIDC_NAME": "ProConnect",
    }
    assert said({**RIGHT, **service}) == {}
    for name in service:
        assert list(said({**RIGHT, **service, name: ""})) == [name]
    for issuer in ("http://identite.example.org", "identite.example.org", "https://"):
        assert list(said({**RIGHT, **service, "PLAINCHANT_OIDC_ISSUER": issuer})) == ["PLAINCHANT_OIDC_ISSUER"]


def test_everything_wrong_is_said_at_once():
    values = {"PLAINCHANT_PRODUCTION": "1", "PLAINCHANT_SECRET_KEY": "a", "PLAINCHANT_SMPT_URL": "smtp://x"}
    assert set(said(values)) == {
        *("PLAINCHANT_SECRET_KEY", "PLAINCHANT_SMPT_URL", "PLAINCHANT_SMTP_URL", "PLAINCHANT_URL", "PLAINCHANT_FROM")
    }


def test_what_is_only_unwise_stops_nothing():
    unwise = {**RIGHT, "PLAINCHANT_DATA": "var", "PLAINCHANT_TRUSTED_PROXIES": "0", "PLAINCHANT_HELP": ""}
    assert {fault.variable: fault.stops for fault in faults(unwise)} == {
        "PLAINCHANT_DATA": False,
        "PLAINCHANT_HELP": False,
        "PLAINCHANT_TRUSTED_PROXIES": False,
    }


def test_a_value_is_read_by_its_kind_and_an_empty_one_is_not_set():
    values = {"PLAINCHANT_PRODUCTION": "On", "PLAINCHANT_HOSTS": "a.example, b.example,", "PLAINCHANT_PORT": ""}
    environment = Environment({**values, "PLAINCHANT_SECRET_KEY": "$autre"})
    assert environment.flag("PLAINCHANT_PRODUCTION", default=False) is True
    assert environment.flag("PLAINCHANT_DEBUG", default=True) is True
    assert environment.list("PLAINCHANT_HOSTS", default=[]) == ["a.example", "b.example"]
    assert environment.number("PLAINCHANT_PORT", default=8000) == 8000
    assert environment.text("PLAINCHANT_SECRET_KEY") == "$autre"
    with pytest.raises(TypeError):
        environment.text("PLAINCHANT_PORT")
    with pytest.raises(Unreadable, match="nombre entier"):
        Environment({"PLAINCHANT_PORT": "-1"}).number("PLAINCHANT_PORT", default=1)


def test_every_variable_that_the_code_reads_has_a_row_and_every_row_is_read():
    read = set()
    for path in [*PACKAGE.glob("config/*.py"), *PACKAGE.glob("cli/*.py")]:
        read |= set(re.findall(r'"(PLAINCHANT_\w+|DATABASE_URL)"', path.read_text(encoding="utf-8")))
    assert read == set(VARIABLE_OF)
    assert not any(name.startswith(FOR_DEVELOPMENT) for name in VARIABLE_OF)
    assert all(row.choices or row.kind is not Kind.CHOICE for row in VARIABLES)
    assert {row.kind for row in VARIABLES if row.choices} == {Kind.CHOICE, Kind.LIST}
