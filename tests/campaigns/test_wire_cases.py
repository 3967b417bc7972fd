"""Schemathesis over the whole document of the interface: whatever is sent, no 5xx, no answer that is not in it.

It is no dependency: `PLAINCHANT_TEST_SCHEMATHESIS` names its command (`pip install schemathesis`, anywhere), without it
the test is skipped. `PLAINCHANT_TEST_CASES` is how many are made of each operation and each way of making them, and
another `PLAINCHANT_TEST_SEED` makes others:

PLAINCHANT_TEST_SCHEMATHESIS=st PLAINCHANT_TEST_CASES=100 python -m pytest -n 0 -s tests/campaigns/test_wire_cases.py
"""

from __future__ import annotations

import os
import re
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from plainchant.api.tokens import token_for
from plainchant.portal.invoices.lots import carry_lot
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.time import now
from tests.making import a_draft, a_member, a_program, a_service, a_structure, a_town, an_application, mandated
from tests.portal.flows.making_flows import archive
from tests.portal.flows.making_flows import invoice as xml
from tests.portal.flows.making_flows import sent as a_flow

COMMAND = os.environ.get("PLAINCHANT_TEST_SCHEMATHESIS", "")
CASES = int(os.environ.get("PLAINCHANT_TEST_CASES", "10"))
SEED = int(os.environ.get("PLAINCHANT_TEST_SEED", "20261130"))
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"

pytestmark = [
    pytest.mark.skipif(not COMMAND, reason="no PLAINCHANT_TEST_SCHEMATHESIS"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.one_database,
]


@pytest.mark.parametrize("side", ["supplier", "recipient"])
def test_whatever_is_sent_is_answered_as_the_document_says(live_server: Any, side: str, settings: Any, tmp_path: Path):
    settings.API_RATE = 0
    at = now()
    seller, town = a_structure(at=at, name="Atelier Lumen"), a_town(at=at, name="Commune de Valbrume")
    a_service(structure=town, code="CULTURE")
    manager = a_member(structure=seller, at=at, is_manager=True)
    a_member(structure=town, at=at, is_manager=True)
    mandated(seller, by=manager, at=at)
    files = {f"{number}.xml": xml(number, seller=seller.identifier, buyer=town.identifier) for number in ("F-1", "F-2")}
    a_flow(archive(files), structure=seller, user=manager, at=at)
    carry_lot(uids=[str(invoice.uid) for invoice in Invoice.objects.all()], at=at)
    a_draft(seller=seller, user=manager, at=at, buyer=town, number="F-3")
    application, _ = an_application(structure=seller, at=at)
    account, secret = a_program(structure=seller if side == "supplier" else town, at=at)
    pair = b64encode(f"{account.identifier}:{secret}".encode()).decode()
    arguments = [
        *(COMMAND, "run", f"{live_server.url}/api/openapi.json"),
        *("--header", f"Authorization: Bearer {token_for(application, at=at)}", "--header", f"cpro-account: {pair}"),
        *("--checks", CHECKS, "--max-examples", str(CASES), "--seed", str(SEED), "--continue-on-failure"),
        *("--phases", "examples,coverage,fuzzing", "--workers", "1", "--no-color", "--output-sanitize", "false"),
    ]
    done = subprocess.run(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, cwd=tmp_path
    )
    print(done.stdout)  # noqa: T201
    made = re.search(r"([\d,]+) generated", done.stdout)
    assert made, done.stdout[-2000:]
    assert done.returncode == 0, done.stdout[-6000:]
