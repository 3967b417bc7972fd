"""The histories of an invoice: a chain that shows what was changed, and moves that the database itself refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, IntegrityError, connection, transaction

from plainchant.cli.histories import histories as command
from plainchant.portal.drafts.operations import submit
from plainchant.portal.invoices import guards, histories
from plainchant.portal.invoices.histories import Broken, Head, differing, looked_at
from plainchant.portal.invoices.lifecycle import MOVE_OF, MOVES, Action, Side, Status
from plainchant.portal.invoices.models import Event, Invoice, StatusChange
from plainchant.portal.invoices.operations import complete, process, record_download
from plainchant.portal.rights.actor import Actor
from tests.making import a_draft, a_member, a_structure, a_town, made_available, thawed

pytestmark = pytest.mark.django_db
CHANGES, EVENTS = StatusChange._meta.db_table, Event._meta.db_table
FROZEN = import_module("plainchant.portal.invoices.migrations.0003_frozen").HISTORIES


@pytest.fixture(scope="module")
def made(once_a_module: Any, at: datetime) -> tuple[Invoice, Actor]:
    """An invoice with seven lines of one history and three of the other, and its agent."""
    with once_a_module():
        seller, town = a_structure(at=at), a_town(at=at)
        author, agent = a_member(structure=seller, at=at), Actor(a_member(structure=town, at=at, name="Agathe"))
        invoice = a_draft(seller=seller, user=author, buyer=town, at=at)
        submit(draft=invoice.draft, actor=Actor(author), at=at)
        made_available(invoice=invoice, at=at)
        process(invoice=invoice, action=Action.SUSPEND, actor=agent, at=at, reason_code="AUTRE", comment="Le devis ?")
        complete(invoice=invoice, files=[], comment="Le voici, voilà.", actor=Actor(author), at=at)
        process(invoice=invoice, action=Action.ORDER_PAYMENT, actor=agent, at=at, payment_order="M-1")
        for _ in range(3):
            record_download(invoice=invoice, actor=agent, at=at)
        return invoice, agent


@pytest.fixture
def invoice(made: tuple[Invoice, Actor]) -> Invoice:
    return deepcopy(made[0])


def written(sql: str) -> None:
    """Run it as whoever owns the database may, once the triggers have been taken away."""
    with thawed(), connection.cursor() as cursor:
        for row in FROZEN:
            for statement in row.statements_back(connection.vendor):
                cursor.execute(statement)
        cursor.execute(sql)
        for row in FROZEN:
            for statement in row.statements(connection.vendor):
                cursor.execute(statement)


def found(invoice: Invoice) -> list[tuple[str, int]]:
    return [(row.history, row.line) for row in looked_at(invoices=[invoice.pk]) if isinstance(row, Broken)]


def test_both_histories_are_numbered_without_a_gap_and_each_line_is_chained_to_the_last(invoice: Invoice) -> None:
    for history, number in ((StatusChange, 7), (Event, 3)):
        lines = list(history._default_manager.filter(invoice=invoice).order_by("sequence"))
        assert [line.sequence for line in lines] == list(range(1, number + 1))
        before = ""
        for line in lines:
            assert line.digest == histories.digest_of(line, uid=str(invoice.uid), before=before)
            before = line.digest
    heads = list(looked_at(invoices=[invoice.pk]))
    assert [(head.history, head.line) for head in heads] == [(CHANGES, 7), (EVENTS, 3)]


@pytest.mark.parametrize(
    ("sql", "place"),
    [
        ("UPDATE invoices_statuschange SET comment = 'autre' WHERE sequence = 5", (CHANGES, 5)),
        ("UPDATE invoices_statuschange SET actor_name = 'Une autre' WHERE sequence = 7", (CHANGES, 7)),
        ("UPDATE invoices_statuschange SET at = '2026-11-01 00:00:00+00:00' WHERE sequence = 2", (CHANGES, 2)),
        ("UPDATE invoices_statuschange SET digest = '0' WHERE sequence = 3", (CHANGES, 3)),
        ("DELETE FROM invoices_statuschange WHERE sequence = 4", (CHANGES, 4)),
        ("DELETE FROM invoices_statuschange WHERE sequence = 7", (CHANGES, 6)),
        ("DELETE FROM invoices_statuschange", (CHANGES, 1)),
        ("UPDATE invoices_event SET kind = 'PAIEMENT_RECU' WHERE sequence = 2", (EVENTS, 2)),
        ("DELETE FROM invoices_event WHERE sequence = 1", (EVENTS, 1)),
        ("UPDATE invoices_invoice SET status = 'MISE_EN_PAIEMENT'", (CHANGES, 7)),
    ],
)
def test_what_was_changed_behind_the_portal_s_back_is_found(invoice: Invoice, sql: str, place: tuple[str, int]) -> None:
    written(sql)
    assert found(invoice) == [place]


def test_lines_written_anew_differ_from_what_was_kept_elsewhere(invoice: Invoice) -> None:
    kept = [head for head in looked_at() if isinstance(head, Head)]
    assert list(differing(kept)) == []
    written("UPDATE invoices_statuschange SET comment = 'autre', digest = '' WHERE sequence = 5")
    written("UPDATE invoices_statuschange SET digest = '' WHERE sequence > 5")
    written("DELETE FROM invoices_event WHERE sequence = 3")
    histories.fill()
    assert found(invoice) == [], "the chain alone shows nothing"
    assert [(row.history, row.line) for row in differing(kept)] == [(CHANGES, 7), (EVENTS, 3)]


def test_lines_of_a_former_version_are_sealed_by_the_next_writer_or_by_setup(
    made: tuple[Invoice, Actor], invoice: Invoice, at: datetime
) -> None:
    def forgotten() -> None:
        written("UPDATE invoices_statuschange SET digest = ''")
        written("UPDATE invoices_event SET digest = '', sequence = NULL")

    forgotten()
    process(invoice=invoice, action=Action.ACCOUNT, actor=made[1], at=at)
    record_download(invoice=invoice, actor=made[1], at=at)
    assert [(head.history, head.line) for head in looked_at()] == [(CHANGES, 8), (EVENTS, 4)]
    assert found(invoice) == []
    forgotten()
    assert histories.fill() == 2
    assert found(invoice) == []


@pytest.mark.parametrize("table", [CHANGES, EVENTS])
def test_a_sealed_line_is_neither_sealed_again_nor_numbered_anew(invoice: Invoice, table: str) -> None:
    for column in ("digest = ''", "sequence = 9"):
        with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column}")  # noqa: S608


# -- What the database refuses ----------------------------------------------------------------------------------


def line(invoice: Invoice, **other: Any) -> StatusChange:
    """The next line of this invoice, « service fait » after « mandatée » put right by ``other``."""
    values = {"sequence": 8, "action": Action.PAY_OUT, "from_status": Status.ORDERED, "to_status": Status.PAID_OUT}
    return StatusChange(
        invoice=invoice, at=invoice.status_at, party=Side.BUYER, actor_name="Personne", **values | other
    )


@pytest.mark.parametrize(
    "other",
    [
        {"sequence": 9},
        {"sequence": 7},
        {"from_status": Status.SERVICE_DONE},
        {"to_status": Status.ORDERED},
        {"action": Action.REJECT},
        {"action": Action.CONFIRM_SERVICE, "to_status": Status.SERVICE_DONE},
        {"action": "take_over"},
    ],
    ids=lambda other: ", ".join(f"{name} {value}" for name, value in other.items()),
)
def test_a_line_that_no_move_leads_to_is_refused(invoice: Invoice, other: dict[str, Any]) -> None:
    assert not _is_taken(partial(line(invoice, **other).save, force_insert=True))
    assert _is_taken(partial(line(invoice).save, force_insert=True))


def test_every_change_of_status_but_those_of_the_table_is_refused(invoice: Invoice) -> None:
    allowed = {(source, move.target) for move in MOVES for source in move.sources}
    allowed.add((Status.DEPOSITED, Status.AVAILABLE))  # carried in one statement, with its two lines
    agreed = MOVE_OF[Action.RELEASE].sources  # by the validators: three lines
    allowed |= {(source, target) for source in agreed for target in (Status.FORWARDING, Status.AVAILABLE)}
    assert guards.pairs() == allowed
    for target in set(Status) - {Status(invoice.status)}:
        taken = _is_taken(partial(Invoice.objects.filter(pk=invoice.pk).update, status=target))
        assert taken == ((invoice.status, target) in allowed), target


def _is_taken(change: Callable[[], Any]) -> bool:
    """Whether the database takes a change at once, which is undone: what a transaction's end refuses comes later."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                change()
                raise _Undone
        except _Undone:
            return True
        except DatabaseError:
            return False


class _Undone(Exception):
    pass


def test_a_status_without_its_line_is_refused_at_the_end_of_the_transaction(invoice: Invoice) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has nothing that waits for the end of a transaction")

    def at_the_end() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def without_its_line() -> None:
        with transaction.atomic():
            Invoice.objects.filter(pk=invoice.pk).update(status=Status.PAID_OUT)
            at_the_end()

    with pytest.raises(IntegrityError, match="last line"):
        without_its_line()
    Invoice.objects.filter(pk=invoice.pk).update(status=Status.PAID_OUT)
    line(invoice).save(force_insert=True)
    at_the_end()


# -- The command ------------------------------------------------------------------------------------------------


def test_the_command_says_what_is_whole_and_what_is_not(invoice: Invoice, tmp_path: Path) -> None:
    kept = str(tmp_path / "kept.jsonl")
    answer = CliRunner().invoke(command, ["--write", kept])
    assert (answer.exit_code, answer.output) == (0, "2 historiques : rien n’y a été changé.\n")
    assert CliRunner().invoke(command, ["--against", kept]).exit_code == 0
    written("DELETE FROM invoices_event WHERE sequence = 3")
    assert CliRunner().invoke(command, []).exit_code == 0, "nothing here remembers the last line"
    answer = CliRunner().invoke(command, ["--against", kept, "--json"])
    assert answer.exit_code == 1
    assert json.loads(answer.output) == [
        {"invoice": str(invoice.uid), "history": EVENTS, "line": 3, "sentence": "La ligne 3 a disparu depuis."}
    ]


def test_a_file_of_something_else_is_refused_with_a_sentence(invoice: Invoice, tmp_path: Path) -> None:
    other = tmp_path / "other"
    for content in ("pas du JSON", '{"autre": 1}', "[]"):
        other.write_text(content, encoding="utf-8")
        answer = CliRunner().invoke(command, ["--against", str(other)])
        assert answer.exit_code == 1
        assert "« --write »" in answer.output
