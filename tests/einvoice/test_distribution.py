"""The engine as a distribution of its own: what it imports is declared, and none of it is the portal or Django."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

SOURCES = Path(__file__).parents[2] / "src"
PROJECT = tomllib.loads((SOURCES / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIRED: list[str] = PROJECT["dependencies"]
WITH_PDF: list[str] = REQUIRED + PROJECT["optional-dependencies"]["pdf"]

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
    paths = (SOURCES / "plainchant" / "einvoice").rglob("*.py")
    return sorted(".".join(path.relative_to(SOURCES).with_suffix("").parts).removesuffix(".__init__") for path in paths)


def test_every_import_of_the_engine_is_declared() -> None:
    declared = import_names(canonicalize_name(Requirement(line).name) for line in WITH_PDF)
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
    assert run_alone(code, allowed=packages(WITH_PDF)) == "False\n"


def test_an_xml_invoice_is_written_and_checked_without_the_packages_for_pdf() -> None:
    code = """
from datetime import date
from plainchant.einvoice.check import check
from plainchant.einvoice.model import Invoice
from plainchant.einvoice.syntaxes.ubl.write import write
verdict = check(write(Invoice(number="F-1", type_code="380")), at=date(2026, 9, 1))
print(*(layer.status for layer in verdict.layers))
"""
    assert run_alone(code, allowed=packages(REQUIRED)) == "valid invalid invalid invalid valid valid\n"


@pytest.mark.parametrize("package", ["typst", "pikepdf", "PIL", "pypdfium2", "facturx", "django"])
def test_the_check_of_an_xml_invoice_does_not_load(package: str) -> None:
    code = f"import plainchant.einvoice.check\nprint({package!r} in sys.modules)"
    assert run_alone(code, allowed=packages(WITH_PDF)) == "False\n"
