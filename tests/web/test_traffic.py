"""Each request has an id and a line without secrets; what waits is counted, for whoever has the token."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from plainchant.portal.lib.logs import WithRequest
from plainchant.portal.lib.time import now
from plainchant.portal.mail.mails import Mail
from plainchant.portal.mail.models import Message
from plainchant.portal.mail.operations import GIVE_UP_AFTER, post
from plainchant.portal.overview import FACTS, facts
from plainchant.portal.queue.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def lines(settings: Any, caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    settings.ACCESS_LOG = True
    caplog.set_level(logging.INFO, logger="plainchant.access")
    return caplog


def test_a_request_leaves_a_line_without_its_query_or_its_token(client: Client, lines: Any) -> None:
    client.get("/annuaire/?q=Durand")
    client.get("/compte/activer/a-token/")
    client.get("/compte/activer/a-token")
    texts = [record.getMessage() for record in lines.records if record.name == "plainchant.access"]
    assert len(texts) == 3
    assert texts[0].startswith("GET /annuaire/ 200 ")
    assert "Durand" not in "".join(texts)
    assert "a-token" not in "".join(texts)


def test_what_is_logged_after_a_request_still_has_its_id(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    answer = client.get("/nulle-part/")
    (record,) = [record for record in caplog.records if record.name == "django.request"]
    WithRequest().filter(record)
    assert record.request_id == answer["X-Request-ID"]


def test_the_id_of_our_own_proxy_is_kept_and_no_strangers(client: Client, settings: Any) -> None:
    given = {"X-Request-ID": "proxy-12345678"}
    first, second = client.get("/", headers=given), client.get("/")
    assert len({first["X-Request-ID"], second["X-Request-ID"], "proxy-12345678"}) == 3
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client.get("/", headers=given)["X-Request-ID"] == "proxy-12345678"
    assert client.get("/", headers={"X-Request-ID": "a b\tc" * 3})["X-Request-ID"] != "a b\tc" * 3


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer no"}, {"Authorization": "Bearer "}])
@pytest.mark.parametrize("token", ["", "right"])
def test_without_the_token_there_is_no_such_page(client: Client, settings: Any, header: Any, token: str) -> None:
    settings.METRICS_TOKEN = token
    assert client.get("/metrics", headers=header).status_code == 404


def test_what_waits_is_counted(client: Client, settings: Any, at: datetime) -> None:
    settings.METRICS_TOKEN = "right"
    post(kind="test", event="1", recipient="ada@example.org", mail=Mail("s", "b"), at=now() - timedelta(hours=1))
    Job.objects.create(task="mail.deliver", key="x", created_at=at, run_at=at, failed_at=at)
    answer = client.get("/metrics", headers={"Authorization": "Bearer right"})
    values = dict(line.rsplit(" ", 1) for line in answer.content.decode().splitlines() if not line.startswith("#"))
    assert float(values["plainchant_jobs_waiting"]) == 1
    assert 3600 <= float(values["plainchant_jobs_oldest_seconds"]) < 3700
    assert float(values["plainchant_jobs_failed"]) == 1
    assert float(values["plainchant_mails_unsent"]) == 1
    assert float(values["plainchant_disk_free_bytes"]) > 0
    assert any(name.startswith("plainchant_request_seconds_count{") for name in values)
    assert {f"plainchant_{fact.name}" for fact in FACTS} <= set(values)


def test_a_message_is_given_up_after_fifteen_days_unless_it_was_asked_for_again(at: datetime) -> None:
    post(kind="test", event="1", recipient="ada@example.org", mail=Mail("s", "b"), at=at)

    def given_up(at: datetime) -> float:
        return {fact.name: value for fact, value in facts(at=at)}["mails_given_up"]

    assert given_up(at + GIVE_UP_AFTER - timedelta(seconds=1)) == 0
    assert given_up(at + GIVE_UP_AFTER) == 1
    Message.objects.update(asked_again_at=at + timedelta(days=1))
    assert given_up(at + GIVE_UP_AFTER) == 0
