"""What the tests of other programs import loads nothing that they would have to install."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("name", ["testing", "prepared", "clock"])
def test_it_needs_neither_pytest_nor_django(name: str) -> None:
    code = f"import sys; sys.modules.update(dict.fromkeys(['pytest', 'django'])); import plainchant.sandbox.{name}"
    subprocess.run([sys.executable, "-c", code], check=True)
