"""Tryton's module of Chorus Pro 8.2.0 (GPL), unmodified: its own scenario, from an invoice typed there to its report.

It deposits a CII without categories of VAT, is refused, mends them, and is taken: in a sandbox, for some minutes. It is
no dependency: `PLAINCHANT_TEST_CLIENTS` has a folder `tryton`, else the test is skipped (`pip install --target
FOLDER/tryton trytond-account-fr-chorus trytond-edocument-uncefact trytond-account-fr proteus`).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from plainchant.demo.directory import QUALIFICATION_NOTHING
from plainchant.sandbox.testing import running
from tests.conformance.processes import in_folder

SCENARIO = Path(__file__).with_name("tryton_scenario.py")
MODULE = in_folder("tryton/trytond/modules/account_fr_chorus")

pytestmark = [
    pytest.mark.skipif(not MODULE.is_dir(), reason="no Tryton in PLAINCHANT_TEST_CLIENTS"),
    pytest.mark.one_database,
    pytest.mark.long,
]


def test_its_own_scenario_goes_through() -> None:
    path = os.pathsep.join([str(in_folder("tryton")), os.environ.get("PYTHONPATH", "")])
    with running() as sandbox:
        supplier = sandbox.credentials[0]
        secrets = [supplier[name] for name in ("client_id", "client_secret", "login", "password", "siret")]
        done = subprocess.run(
            [sys.executable, SCENARIO, sandbox.url, *secrets, QUALIFICATION_NOTHING],
            env={**os.environ, "PYTHONPATH": path, "no_proxy": "*"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-2_000:]
        assert sandbox.breaches() == []
