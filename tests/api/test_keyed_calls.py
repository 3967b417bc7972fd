"""A call that bears an Idempotency-Key is done once: sent again it is answered as the first was, whatever happened."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse

from plainchant.api.table import TABLE
from plainchant.portal.calls import operations
from plainchant.portal.calls.models import KeyedCall
from plainchant.portal.drafts.models import ProgramFile
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.store.inventory import items
from plainchant.portal.store.models import PendingFile, StoredFile
from tests.api.test_submitting import SUBMIT, an_invoice, supplier

__all__ = ["supplier"]  # a fixture

ADD = "/cpro/transverses/v1/ajouter/fichier"
PROCESS = "/cpro/factures/v1/traiter/recue"
READS = ("rechercher", "consulter", "recuperer", "telecharger", "lister", "health")


def a_file(name: str = "bon.txt") -> dict[str, Any]:
    return {
        "pieceJointeFichier": b64encode(b"bon").decode(),
        "pieceJointeNom": name,
        "pieceJointeTypeMime": "text/plain",
    }


def sent(program: Any, body: Any, *, key: str = "k-1", path: str = ADD) -> HttpResponse:
    response: HttpResponse = program.call(path, body, idempotency_key=key)
    return response


def test_every_operation_that_changes_something_takes_a_key():
    writing = {row.path for row in TABLE if row.writes}
    others = {row.path.split("/v1/")[1] for row in TABLE} - {path.split("/v1/")[1] for path in writing}
    assert {path for path in others if not path.startswith(READS)} == {
        # A POST that only reads
        "structures/recherche", "services/recherche", "check", "convert",
        # GET
        "structures/{uuid}", "structures/{uuid}/services", "structures/{uuid}/pieces_jointes",
        "structures/{uuid}/pieces_jointes/{uuidPJ}", "services/{uuid}", "monCompte/recuperer/rattachements",
    }  # fmt: skip


@pytest.mark.parametrize("key", ["x" * 256, "a\tb"])
def test_a_key_that_cannot_be_kept_is_refused(world: SimpleNamespace, key: str):
    assert sent(world.program, a_file(), key=key).status_code == 400
    assert not ProgramFile.objects.exists()


@pytest.mark.parametrize(
    ("path", "name"), [(ADD, "autre.txt"), ("/cpro/transverses/v1/detacherPieceJointe", "bon.txt")]
)
def test_a_key_of_another_call_is_refused(world: SimpleNamespace, path: str, name: str):
    first = sent(world.program, a_file())
    second = sent(world.program, a_file(name), path=path).json()
    assert (second["codeRetour"], second["plainchant"]["code"]) == (20001, "call_key_taken")
    assert sent(world.program, a_file()).content == first.content


def test_the_same_call_again_is_answered_alike_and_not_done(world: SimpleNamespace):
    first, again = sent(world.program, a_file()), sent(world.program, a_file())
    assert (first.content, again.headers["Idempotency-Replayed"]) == (again.content, "true")
    assert "Idempotency-Replayed" not in first.headers
    assert ProgramFile.objects.count() == 1
    assert sent(world.program, a_file(), key="k-2").json()["pieceJointeId"] != first.json()["pieceJointeId"]


def test_keys_are_those_of_one_program(world: SimpleNamespace):
    first, other = sent(world.program, a_file()).json(), sent(world.of_others, a_file()).json()
    assert first["pieceJointeId"] != other["pieceJointeId"]


def test_what_was_refused_leaves_the_key_free(world: SimpleNamespace):
    assert sent(world.program, a_file("bon.exe")).json()["codeRetour"] != 0
    assert sent(world.program, a_file()).json()["codeRetour"] == 0


def test_a_key_is_free_again_after_a_day(world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch):
    first = sent(world.program, a_file()).json()
    later = world.at + timedelta(days=1)
    assert (operations.counted(before=later), operations.counted(before=world.at)) == (1, 0)
    monkeypatch.setattr("plainchant.api.entry.now", lambda: later)
    monkeypatch.setattr("tests.api.calling.now", lambda: later)
    assert sent(world.program, a_file()).json()["pieceJointeId"] != first["pieceJointeId"]
    assert operations.forget(before=later + timedelta(seconds=1)) == 1


@pytest.fixture
def crashing(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The process ends between what it wrote and its answer."""

    def crash(*_: Any) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr("plainchant.api.entry.success_without_file", crash)
        yield patch


def test_an_invoice_is_sent_once_though_the_first_answer_never_came(
    world: SimpleNamespace, supplier: SimpleNamespace, crashing: pytest.MonkeyPatch
):
    asked = an_invoice(world, numeroFactureSaisi="")
    with pytest.raises(RuntimeError, match="killed"):
        sent(world.program, asked, path=SUBMIT)
    assert not Invoice.objects.exists()
    assert not KeyedCall.objects.exists()
    # What it had kept is noted, so that it goes.
    noted = set(PendingFile.objects.values_list("path", flat=True))
    known = set(StoredFile.objects.values_list("path", flat=True))
    kept = {item.path for item in items()}
    assert kept
    assert kept - known <= noted

    crashing.undo()
    first = sent(world.program, asked, path=SUBMIT).json()
    again = sent(world.program, asked, path=SUBMIT).json()
    assert (first["codeRetour"], again) == (0, first)
    [invoice] = Invoice.objects.all()
    assert invoice.number == first["numeroFacture"]
    assert set(PendingFile.objects.values_list("path", flat=True)) == kept - known
