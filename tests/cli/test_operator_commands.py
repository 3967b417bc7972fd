"""What an operator does to people, structures, jobs and mails by command: each says what it did, or why not."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from click.testing import CliRunner, Result
from django.core.cache import cache
from django.test import Client, RequestFactory

from plainchant.cli import main
from plainchant.portal.accounts.models import Activation, LogIn, User
from plainchant.portal.lib.time import now
from plainchant.portal.mail.mails import Mail
from plainchant.portal.mail.models import Message
from plainchant.portal.mail.operations import GIVE_UP_AFTER, post
from plainchant.portal.mail.queries import waiting
from plainchant.portal.queue.models import Job
from plainchant.portal.structures.models import Membership, Structure
from tests.making import a_member, a_person, a_structure, a_town

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    def run(*words: str, ends_with: int = 0) -> Result:
        result = CliRunner().invoke(main, words)
        assert result.exit_code == ends_with, result.output
        return result

    return run


@pytest.fixture
def workshop(at: datetime) -> Structure:
    return a_structure(at=at, name="Atelier Lumen", identifier="73282932000074")


@pytest.fixture
def ada(workshop: Structure, at: datetime) -> User:
    return a_member(structure=workshop, at=at, name="Ada", is_manager=True)


def mailed(person: User) -> list[str]:
    return list(Message.objects.filter(recipient=person.email).order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize("text", ["ada", "ESSAI Ada", "732 829 320 00074"])
def test_a_person_is_found_by_name_address_or_siret(run: Run, ada: User, at: datetime, text: str) -> None:
    a_person(at=at, name="Brune")
    (row,) = json.loads(run("people", "find", text, "--json").stdout)
    assert row["email"] == ada.email
    assert row["state"] == "ouvert"
    assert row["structures"] == ["73282932000074 (gestionnaire)"]


def test_nobody_found_is_said(run: Run) -> None:
    assert "Aucun compte ne correspond" in run("people", "find", "zzz").output
    assert json.loads(run("people", "find", "zzz", "--json").stdout) == []


def test_a_closed_account_is_out_at_once_and_its_structure_is_named(run: Run, ada: User, client: Client) -> None:
    client.force_login(ada)
    closed = run("people", "close", ada.email.upper())
    assert "appoint-manager ADRESSE 73282932000074" in closed.output
    assert client.get("/compte/").status_code == 302
    assert mailed(ada) == ["account_closed"]
    assert "n’est pas ouvert" in run("people", "close", ada.email, ends_with=1).output
    run("people", "reopen", ada.email)
    ada.refresh_from_db()
    assert ada.is_active
    assert client.get("/compte/").status_code == 302  # the log-in of before is not good again
    assert "déjà ouvert" in run("people", "reopen", ada.email, ends_with=1).output
    assert mailed(ada) == ["account_closed", "account_reopened"]


def test_every_log_in_of_a_person_is_ended_and_nobody_else_s(run: Run, ada: User, at: datetime) -> None:
    at_work, at_home, colleague = Client(), Client(), Client()
    for device, person in ((at_work, ada), (at_home, ada), (colleague, a_person(at=at, name="Brune"))):
        device.force_login(person)
    assert "2 connexions terminées" in run("people", "log-out", ada.email).output
    assert [device.get("/compte/").status_code for device in (at_work, at_home, colleague)] == [302, 302, 200]
    assert "0 connexion terminée" in run("people", "log-out", ada.email).output
    assert "Aucun compte" in run("people", "log-out", "personne@example.org", ends_with=1).output


def test_a_second_factor_that_was_lost_is_removed(run: Run, ada: User) -> None:
    TOTP.activate(ada, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(ada)
    User.objects.filter(pk=ada.pk).update(mail_codes_since=now())
    assert "2 moyens de connexion retirés" in run("people", "reset-second-factor", ada.email).output
    ada.refresh_from_db()
    assert (ada.mail_codes_since, Authenticator.objects.count()) == (None, 0)
    assert mailed(ada) == ["second_factor_reset"]
    assert "pas de second facteur" in run("people", "reset-second-factor", ada.email, ends_with=1).output


def test_an_account_that_was_never_opened_is_not_opened_by_the_operator(run: Run, at: datetime) -> None:
    new = a_person(at=at)
    new.set_unusable_password()
    new.is_active = False
    new.save()
    assert "/compte/activer/" in run("people", "reopen", new.email, ends_with=1).output
    assert "Aucun compte n’a l’adresse" in run("people", "close", "personne@example.org", ends_with=1).output


def test_a_name_is_corrected_and_the_people_are_told(run: Run, ada: User, workshop: Structure) -> None:
    run("structures", "correct-name", "732 829 320 00074", "  Atelier   Lumière ")
    workshop.refresh_from_db()
    assert workshop.name == "Atelier Lumière"
    assert mailed(ada) == ["name_corrected"]
    (row,) = json.loads(run("structures", "find", "lumière", "--json").stdout)
    assert row["manager"] == ada.email
    for siret, name in (("73282932000074", "Atelier Lumière"), ("73282932000074", " "), ("21290232800016", "X")):
        run("structures", "correct-name", siret, name, ends_with=1)


def test_the_directory_finds_a_body_under_its_corrected_name(run: Run, at: datetime) -> None:
    from plainchant.portal.directory.models import Entry
    from plainchant.portal.directory.operations import rebuild

    a_town(at=at, name="Comune de Valbrume", identifier="21290232800016")
    rebuild()
    run("structures", "correct-name", "21290232800016", "Commune de Valbrume")
    assert "commune" in Entry.objects.get().words


@pytest.mark.parametrize(("command", "left"), [("structures hand-over", "SUPPRIMEE"), ("appoint-manager", "VALIDEE")])
def test_a_structure_is_handed_over(run: Run, ada: User, workshop: Structure, at: datetime, command, left) -> None:
    brune = a_person(at=at, name="Brune")
    named = (workshop.identifier, brune.email)
    run(*command.split(), *(named if command == "structures hand-over" else reversed(named)))
    states = {row.user_id: (row.state, row.is_manager) for row in Membership.objects.all()}
    assert states == {ada.pk: (left, False), brune.pk: ("VALIDEE", True)}
    assert mailed(ada) == ["no_longer_manager"]
    assert ("n’y êtes plus rattaché" in Message.objects.get(recipient=ada.email).body) is (left == "SUPPRIMEE")


@pytest.fixture
def failed(at: datetime) -> list[Job]:
    common = {"task": "mail.deliver", "created_at": at, "run_at": at, "failed_at": at, "attempts": 8}
    return [Job.objects.create(key=key, last_error="OSError: non", **common) for key in ("a", "b", "c")]


def test_failed_jobs_are_listed_tried_again_and_dropped(run: Run, failed: list[Job], at: datetime) -> None:
    assert [row["key"] for row in json.loads(run("jobs", "failed", "--json").stdout)] == ["a", "b", "c"]
    assert "1 travail repart." in run("jobs", "retry", str(failed[0].pk)).output
    job = Job.objects.get(key="a")
    assert (job.failed_at, job.attempts) == (None, 0)
    # The sweep has asked for b meanwhile: there is nothing to try again.
    Job.objects.create(task="mail.deliver", key="b", created_at=at, run_at=at)
    assert "0 travail repart." in run("jobs", "retry", str(failed[1].pk)).output
    assert Job.objects.filter(key="b").count() == 1
    assert "1 travail oublié." in run("jobs", "drop", "--all").output
    assert "Aucun travail n’a échoué." in run("jobs", "failed").output
    run("jobs", "retry", str(job.pk), ends_with=1)
    run("jobs", "retry", ends_with=2)


def test_a_message_that_was_given_up_is_tried_for_fifteen_more_days(run: Run) -> None:
    long_ago = now() - GIVE_UP_AFTER - timedelta(days=30)
    post(kind="test", event="1", recipient="ada@example.org", mail=Mail("s", "b"), at=long_ago)
    message = Message.objects.get()
    Job.objects.all().delete()
    assert "1 message abandonné" in run("mails", "unsent").output
    assert not waiting(at=now(), asked_before=now()).exists()
    assert "1 message repart." in run("mails", "again", str(message.pk)).output
    assert Job.objects.get().key == message.dedup_key
    assert waiting(at=now(), asked_before=now()).get() == message
    assert waiting(at=now() + GIVE_UP_AFTER, asked_before=now()).count() == 0
    Message.objects.update(sent_at=now())
    assert "déjà parti" in run("mails", "again", str(message.pk), ends_with=1).output
    assert "Tous les messages sont partis." in run("mails", "unsent").output


def test_what_is_kept_too_long_is_said_and_goes_when_it_is_asked_for(run: Run, ada: User, failed: list[Job]) -> None:
    long_ago = now() - timedelta(days=91)
    waiting = a_person(at=long_ago, name="Brune")
    User.objects.filter(pk=waiting.pk).update(is_active=False, password="!unusable")
    recent = a_person(at=now(), name="Cyr")
    User.objects.filter(pk=recent.pk).update(is_active=False, password="!unusable")
    closed = a_person(at=long_ago, name="Dia")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    for person in (ada, waiting):
        Activation.objects.create(
            user=person, token_sha256=person.email, created_at=long_ago, expires_at=long_ago + timedelta(hours=1)
        )
    LogIn.objects.create(session_key="old", session_data="", expire_date=now() - timedelta(minutes=1), begun_at=now())
    LogIn.objects.create(session_key="new", session_data="", expire_date=now() + timedelta(minutes=1), begun_at=now())
    Job.objects.filter(key="a").update(failed_at=long_ago)
    Job.objects.exclude(key="a").update(failed_at=now())

    def numbers(*words: str) -> list[int]:
        return [row["number"] for row in json.loads(run("retention", "--json", *words).stdout)]

    assert numbers() == [1, 1, 0, 1, 0, 0, 0, 0, 0, 1]
    assert User.objects.filter(pk=waiting.pk).exists()
    assert numbers("--apply") == [1, 1, 0, 1, 0, 0, 0, 0, 0, 1]
    assert numbers() == [0] * 10
    assert set(User.objects.all()) == {ada, recent, closed}
    assert LogIn.objects.get().session_key == "new"
    assert Job.objects.count() == 2


def test_what_waits_is_said_and_what_should_be_looked_at_ends_with_1(run: Run, failed: list[Job]) -> None:
    printed = run("status", ends_with=1).output
    (line,) = [line for line in printed.splitlines() if "Travaux en échec" in line]
    assert line.split()[:2] == ["!", "3"]
    Job.objects.all().delete()
    assert json.loads(run("status", "--json").stdout)["jobs_failed"] == 0


def test_somebody_who_typed_too_many_wrong_passwords_is_let_try_again(run: Run, ada: User, client: Client) -> None:
    cache.clear()

    def try_with(password: str) -> int:
        return client.post("/compte/connexion/", {"login": ada.email, "password": password}).status_code

    for _ in range(11):
        try_with("faux")
    assert try_with("un mot de passe de test") == 200  # right, and refused
    codes = {"app": "allauth.account", "action": "mail_code", "user": ada}
    request = RequestFactory().post("/")
    while ratelimit.consume(request, **codes):
        pass
    run("people", "unlock", ada.email)
    assert try_with("un mot de passe de test") == 302
    assert ratelimit.consume(request, **codes)
    run("people", "close", ada.email)
    assert "n’est pas ouvert" in run("people", "unlock", ada.email, ends_with=1).output
    cache.clear()
