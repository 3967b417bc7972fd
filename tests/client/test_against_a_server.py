"""The client and a real server: what is handed in, reported, searched, processed and downloaded, awaited or not."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from plainchant.client import (
    AsyncClient,
    CallRefused,
    Client,
    Credentials,
    NotAuthenticated,
    Retries,
    Server,
    ServerUnavailable,
)
from plainchant.sandbox.testing import RunningSandbox, running
from tests.portal.flows.making_flows import invoice

pytestmark = [pytest.mark.one_database, pytest.mark.long]
RECIPIENT = "12345678200051"  # QUALIFICATION_NOTHING of the directory
QUICK = Retries(tries=2, first=0.01)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with running(at="2026-12-01T09:00") as found:
        yield found


@pytest.fixture(scope="module")
def credentials(sandbox: RunningSandbox) -> Credentials:
    return Credentials(**{name: sandbox.credentials[0][name] for name in Credentials.__dataclass_fields__})


@pytest.fixture(scope="module")
def client(sandbox: RunningSandbox, credentials: Credentials) -> Iterator[Client]:
    with Client(Server.at(sandbox.url), credentials, retries=QUICK) as made:
        yield made


def xml(sandbox: RunningSandbox, number: str, *, buyer: str = RECIPIENT) -> bytes:
    return invoice(number, seller=sandbox.credentials[0]["siret"], buyer=buyer)


def test_an_invoice_is_handed_in_reported_followed_and_taken_away(sandbox: RunningSandbox, client: Client) -> None:
    sandbox.follow(RECIPIENT, "rejects")
    deposit = client.deposit(xml(sandbox, "CL-1"), name="CL-1.xml")
    report = client.wait(deposit.flow)
    assert report.is_accepted
    assert [(taken.number, taken.buyer, taken.is_known) for taken in report.taken] == [("CL-1", RECIPIENT, False)]
    assert (client.report_pdf(deposit.flow) or b"").startswith(b"%PDF")
    sandbox.advance("3 days 01:00:00")
    page = client.search_issued(number="CL-1")
    assert (page.total, page.pages, page.page) == (1, 1, 1)
    [row] = page.rows
    assert (row.status, row.buyer, str(row.to_pay), row.flow) == ("REJETEE", RECIPIENT, "120.00", deposit.flow)
    assert "déjà payée" in row.words
    history = client.history(row.invoice)
    assert history.lines[0].at < history.lines[-1].at
    assert (history.lines[-1].at - history.lines[0].at) >= timedelta(days=3)
    assert history.lines[-1].status == history.status == "REJETEE"
    assert client.consult(row.invoice)["codeRetour"] == 0
    assert client.download([row.invoice]).startswith(b"%PDF")
    assert b"CL-1" in client.download([row.invoice], form="PIVOT")
    assert client.search_issued(number="CL-1", statuses=["SUSPENDUE"]).rows == ()


def test_what_is_wrong_with_a_flow_is_told_finding_by_finding(sandbox: RunningSandbox, client: Client) -> None:
    deposit = client.deposit(xml(sandbox, "CL-2", buyer="12345678200099"), name="CL-2.xml")
    report = client.wait(deposit.flow)
    assert report.is_ended
    assert not report.is_accepted
    assert {finding.number for finding in report.findings} == {"CL-2"}
    assert all(finding.message and finding.code for finding in report.findings)


def test_the_directory_says_who_is_there_and_what_they_want(client: Client) -> None:
    [body] = client.search_directory(siret="12345678200028").rows
    assert client.demands_of(body.body).service
    assert "SERVICE_DEST_SERV_OBL" in [service.code for service in client.services_of(body.body) if service.is_open]
    assert client.search_directory("Destinataire de test", per_page=2).pages > 1


def test_a_document_is_checked_and_converted(sandbox: RunningSandbox, client: Client) -> None:
    content = xml(sandbox, "CL-5", buyer="12345678200028")
    verdict = client.check(content)
    assert not verdict.is_accepted
    assert "recipient" in {finding.layer for finding in verdict.findings if finding.is_fatal}, verdict.findings
    assert client.check(xml(sandbox, "CL-5")).channels == {"chorus": True, "platform": False}
    converted = client.convert(content, to="cii")
    assert (converted.ending, b"CrossIndustryInvoice" in converted.content) == (".xml", True)


def test_what_the_server_refuses_and_whom_it_does_not_know(
    sandbox: RunningSandbox, client: Client, credentials: Credentials
) -> None:
    with pytest.raises(CallRefused) as refused:
        client.process(999_999, status="SUSPENDUE")
    assert (refused.value.number, refused.value.code) != (0, "")
    assert client.search_received().rows == ()
    for wrong in (replace(credentials, client_secret="x"), replace(credentials, password="x")):
        with Client(Server.at(sandbox.url), wrong, retries=QUICK) as other, pytest.raises(NotAuthenticated):
            other.search_directory(siret=RECIPIENT)


def test_a_deposit_whose_answer_was_lost_is_sent_again_and_is_one(sandbox: RunningSandbox, client: Client) -> None:
    sandbox.show_faults({"kind": "lost", "path": "/cpro/factures/v1/deposer/flux", "probability": 1})
    with pytest.raises(ServerUnavailable) as lost:
        client.deposit(xml(sandbox, "CL-3"), name="CL-3.xml")
    sandbox.show_faults()
    assert lost.value.may_be_done
    deposit = client.deposit(xml(sandbox, "CL-3"), name="CL-3.xml")
    assert client.wait(deposit.flow).is_accepted
    assert client.search_issued(number="CL-3").total == 1


def test_the_same_is_awaited(sandbox: RunningSandbox, credentials: Credentials) -> None:
    async def run() -> None:
        async with AsyncClient(Server.at(sandbox.url), credentials, retries=QUICK) as client:
            deposit, up = await asyncio.gather(client.deposit(xml(sandbox, "CL-4"), name="CL-4.xml"), client.is_up())
            assert up
            assert (await client.wait(deposit.flow)).is_accepted
            [row] = (await client.search_issued(number="CL-4")).rows
            assert (await client.download([row.invoice])).startswith(b"%PDF")

    asyncio.run(run())


def test_nobody_answers_at_a_port_that_is_free(credentials: Credentials) -> None:
    pauses: list[float] = []
    client = Client(Server.at("http://127.0.0.1:9"), credentials, retries=QUICK, sleep=pauses.append)
    with client, pytest.raises(ServerUnavailable) as away:
        client.is_up()
    assert not away.value.may_be_done
    assert len(pauses) == 1


def test_both_clients_have_the_same_methods() -> None:
    def public(kind: type) -> set[str]:
        return {name for name in vars(kind) if not name.startswith("_")}

    assert public(Client) == public(AsyncClient)


def test_neither_django_nor_the_portal_is_loaded() -> None:
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['django', 'click', 'lxml', 'msgspec']));"
        "import plainchant.client;"
        "print([name for name in sys.modules if name.startswith('plainchant.') and '.client' not in name])"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"
