"""A published client in a process of its own: a call a line goes in as JSON, its answer a line comes out.

`PLAINCHANT_TEST_CLIENTS` names a folder with the clients. None of them is a dependency: a test without its client is
skipped.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.bank_accounts import add
from tests.making import a_member, a_program, a_service, a_structure, a_town, an_application, mandated

FOLDER = os.environ.get("PLAINCHANT_TEST_CLIENTS", "")


def in_folder(name: str) -> Path:
    """Where a client would be."""
    return Path(FOLDER or "no clients") / name


class Client:
    """A published client that runs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def call(self, name: str, *in_order: Any, **given: Any) -> Any:
        """What a method of it answers. Clients of some languages take their arguments ``in_order`` alone."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"call": name, "with": [*in_order] or given}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert not (isinstance(answer, dict) and "error" in answer), answer
        return answer


@contextmanager
def running(command: Sequence[str | Path], **environment: str) -> Iterator[Client]:
    """The client that a command starts, until the block ends."""
    process = subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "no_proxy": "*", **environment},
    )
    try:
        yield Client(process)
    finally:
        process.communicate()
    assert process.returncode == 0


def a_world(at: datetime) -> SimpleNamespace:
    """A supplier that may enter invoices and a town with a service; ``keys`` of the program of each."""
    seller, town = a_structure(at=at, name="Atelier Lumen"), a_town(at=at, name="Commune de Valbrume", city="Valbrume")
    service = a_service(structure=town, code="CULTURE")
    manager = a_member(structure=seller, at=at, is_manager=True)
    agent = a_member(structure=town, at=at, is_manager=True)
    mandated(seller, by=manager, at=at)
    seller.vat_number = "FR40900000000"
    seller.save()
    add(structure=seller, label="Courant", iban="FR1420041010050500013M02606", bic="", actor=Actor(manager), at=at)
    application, secret = an_application(structure=seller, at=at)

    def keys(structure: Any) -> list[str]:
        account, password = a_program(structure=structure, at=at)
        return [application.client_id, secret, account.identifier, password]

    return SimpleNamespace(
        seller=seller, town=town, service=service, agent=agent, of_seller=keys(seller), of_town=keys(town)
    )
