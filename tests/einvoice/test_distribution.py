"""The engine as a distribution of its own: what it imports is declared, and none of it is the portal or Django."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions, requires
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import plainchant.einvoice

SOURCES = Path(__file__).parents[2] / "src"
PROJECT = tomllib.loads((SOURCES / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIRED: list[str] = PROJECT["dependencies"]
WITH_PDF: list[str] = REQUIRED + PROJECT["optional-dependencies"]["pdf"]
WITH_CLI: list[str] = REQUIRED + PROJECT["optional-dependencies"]["cli"]

# Runs first in the child: as if nothing but the engine, the standard library and the packages named were installed.
_ALONE = """
import sys

class Alone:
    def find_spec(self, name, path=None, target=None):
        package = name.partition(".")[0]
        is_portal = name.startswith("plainchant.") and not name.startswith("plainchant.einvoice")
        if is_portal or package in REFUSED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None

sys.meta_path.insert(0, Alone())
"""


def run_alone(code: str, *, allowed: Iterable[str]) -> str:
    """What ``code`` prints in a Python where of all packages only ``allowed`` can be imported."""
    refused = sorted(packages_distributions().keys() - {"plainchant", *allowed})
    source = f"REFUSED = {refused}\n{_ALONE}\n{code}"
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def packages(requirements: list[str]) -> set[str]:
    """The import names of these requirements and of all that they require in turn."""
    wanted, known = [Requirement(line) for line in requirements], set()
    while wanted:
        requirement = wanted.pop()
        name = canonicalize_name(requirement.name)
        if name not in known and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
            known.add(name)
            wanted += [Requirement(line) for line in requires(name) or ()]
    return import_names(known)


def import_names(distributions: Iterable[str]) -> set[str]:
    names = set(distributions)
    return {
        package
        for package, owners in packages_distributions().items()
        if names & {canonicalize_name(owner) for owner in owners}
    }


def modules() -> list[str]:
    paths = list((SOURCES / "plainchant" / "einvoice").rglob("*.py"))
    assert len(paths) > 100
    return sorted(".".join(path.relative_to(SOURCES).with_suffix("").parts).removesuffix(".__init__") for path in paths)


def test_every_import_of_the_engine_is_declared() -> None:
    declared = import_names(canonicalize_name(Requirement(line).name) for line in [*WITH_PDF, *WITH_CLI])
    undeclared = []
    for path in (SOURCES / "plainchant" / "einvoice").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in names:
                package = name.partition(".")[0]
                if not name.startswith("plainchant.einvoice") and package not in {*sys.stdlib_module_names, *declared}:
                    undeclared.append(f"{path.name}: {name}")
    assert undeclared == []


def test_every_module_can_be_imported_where_the_portal_and_django_are_not() -> None:
    code = f"import importlib\nfor name in {modules()}: importlib.import_module(name)\nprint('django' in sys.modules)"
    assert run_alone(code, allowed=packages([*WITH_PDF, *WITH_CLI])) == "False\n"


def test_the_readme_s_examples_run_where_nothing_else_is_installed() -> None:
    readme = (SOURCES / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", readme, flags=re.MULTILINE | re.DOTALL)
    assert all(f"{name}(" in "".join(blocks) for name in plainchant.einvoice.__all__)
    run_alone("\n".join(blocks), allowed=packages(WITH_PDF))


_SMALLEST = """
from datetime import date
from plainchant.einvoice import check, draw, write
from plainchant.einvoice.model import Invoice
invoice = Invoice(number="F-1", type_code="380")
"""


def test_an_xml_invoice_is_written_and_checked_without_the_packages_for_pdf() -> None:
    code = f"""{_SMALLEST}
verdict = check(write(invoice, syntax="ubl"), at=date(2026, 9, 1))
print(verdict.layer("wellformed").status, verdict.layer("schema").status, verdict.layer("chorus").status)
"""
    assert run_alone(code, allowed=packages(REQUIRED)) == "valid invalid invalid\n"


def test_what_is_of_no_file_needs_no_package_for_pdf() -> None:
    readme = (SOURCES / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", readme, flags=re.MULTILINE | re.DOTALL)
    run_alone("\n".join(block for block in blocks if "draw(" not in block), allowed=packages(REQUIRED))


@pytest.mark.parametrize(
    "call", ["draw(invoice)", "write(invoice, syntax='facturx')", "check(b'%PDF-1.7', at=date(2026, 9, 1))"]
)
def test_what_needs_the_packages_for_pdf_names_the_extra(call: str) -> None:
    code = f"""{_SMALLEST}
from plainchant.einvoice.extras import MissingExtra
try:
    {call}
except MissingExtra as error:
    print(error)
"""
    assert "pip install 'plainchant-einvoice[pdf]'" in run_alone(code, allowed=packages(REQUIRED))


def test_importing_the_face_loads_nothing_that_is_not_python_s_own() -> None:
    code = """
import sys
before = set(sys.modules)
import plainchant.einvoice
new = {name.partition(".")[0] for name in set(sys.modules) - before}
print(sorted(new - set(sys.stdlib_module_names)), "plainchant.einvoice.model" in sys.modules)
"""
    assert run_alone(code, allowed=packages(WITH_PDF)) == "['plainchant'] False\n"


@pytest.mark.parametrize("package", ["typst", "pikepdf", "PIL", "pypdfium2", "facturx", "django"])
def test_the_check_of_an_xml_invoice_does_not_load(package: str) -> None:
    code = f"""{_SMALLEST}
import sys
check(write(invoice, syntax="ubl"), at=date(2026, 9, 1))
print({package!r} in sys.modules)
"""
    assert run_alone(code, allowed=packages(WITH_PDF)) == "False\n"


def test_the_face_has_six_functions_and_no_module_of_their_names() -> None:
    assert plainchant.einvoice.__all__ == ["check", "compose", "draw", "explain", "read", "write"]
    for name in plainchant.einvoice.__all__:
        assert callable(getattr(plainchant.einvoice, name))
        assert find_spec(f"plainchant.einvoice.{name}") is None, "a module of that name would replace the function"
