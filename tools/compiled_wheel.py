"""Builds a wheel of the engine in which the modules that cost the most are compiled by mypyc from the same source.

    python tools/compiled_wheel.py [--to dist] [--test]

The wheel is for one version of Python on one kind of machine; all else in it is as in the plain one. Needs a C compiler
and Python's headers. `--test` runs the engine's tests on what was built; `bench/engine.py --compiled` measures it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from importlib.metadata import version
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "src"
ENGINE = "plainchant/einvoice"
# Where the time of a check goes, as far as mypyc takes it: the walk through the tree, what is noticed on the way, and
# the tables that say which element is which term.
COMPILED = (
    "syntaxes/reading.py",
    "syntaxes/binding.py",
    "syntaxes/grammar.py",
    "syntaxes/ubl/binding.py",
    "syntaxes/ubl/looks.py",
    "syntaxes/cii/binding.py",
    "syntaxes/cii/looks.py",
)
# mypyc reads the project file of the folder it runs in: none of the portal's settings is there.
_PROJECT = """
[build-system]
requires = ["setuptools>=80", "mypy=={mypy}"]
build-backend = "setuptools.build_meta"
[tool.setuptools.packages.find]
include = ["plainchant.einvoice*"]
[tool.setuptools.package-data]
"*" = ["*"]
[tool.mypy]
python_version = "3.11"
ignore_missing_imports = true
follow_imports = "silent"
explicit_package_bases = true
"""
_SETUP = """
from mypyc.build import mypycify
from setuptools import setup

setup(ext_modules=mypycify({modules!r}, opt_level="3", group_name="plainchant_einvoice"))
"""


def main() -> int:
    """Build the wheel; prints where it is."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--to", type=Path, default=Path("dist"), help="folder of the wheel")
    parser.add_argument("--test", action="store_true", help="run the engine's tests on it")
    given = parser.parse_args()
    into = given.to.resolve()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        lay_out(root)
        built = root / "built"
        uv = Path(sys.executable).with_name("uv")
        subprocess.run([uv, "build", "--quiet", "--wheel", "--out-dir", built, root], check=True)
        (wheel,) = built.glob("*.whl")
        into.mkdir(parents=True, exist_ok=True)
        shutil.copy(wheel, into)
        print(into / wheel.name)
        return _test(wheel, root / "unpacked") if given.test else 0


def _test(wheel: Path, folder: Path) -> int:
    """Run the engine's tests with the wheel in front of the sources; the code that pytest ends with."""
    zipfile.ZipFile(wheel).extractall(folder)
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    loaded = "import plainchant.einvoice.syntaxes.reading as module; print(module.__file__)"
    place = subprocess.check_output([sys.executable, "-c", loaded], env=environment, text=True).strip()
    if place.endswith(".py") or not place.startswith(str(folder)):
        raise RuntimeError(f"the compiled module is not the one that is loaded: {place}")
    tests = [f"tests/einvoice/{name}" for name in ("conformance", "syntaxes", "rules")]
    command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", *tests]
    return subprocess.run(command, cwd=SOURCES.parent, env=environment, check=False).returncode


def lay_out(root: Path) -> None:
    """The engine's sources, beside a project file with the same facts for a build backend that compiles."""
    shutil.copytree(SOURCES / ENGINE, root / ENGINE, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    for name in ("LICENSE", "README.md"):
        shutil.copy(SOURCES / name, root)
    facts, _, _ = (SOURCES / "pyproject.toml").read_text().partition("[build-system]")
    (root / "pyproject.toml").write_text(facts + _PROJECT.format(mypy=version("mypy")))
    (root / "setup.py").write_text(_SETUP.format(modules=[f"{ENGINE}/{name}" for name in COMPILED]))


if __name__ == "__main__":
    sys.exit(main())
