"""A name of the code that a comment or a page of `docs/` quotes is there: a rename takes its mentions with it."""

from __future__ import annotations

import ast
import configparser
import io
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from tests.house.sources import PACKAGE, Source, sources

ROOT = PACKAGE.parents[1]
QUOTED = re.compile(r"`([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?:\(\))?`")
# Words of others that comments quote: SQL, a cell, the API of Chorus Pro, libraries.
NOT_OURS = {"UPDATE", "C12", "typeTva", "add_overlay", "json.loads"}


@cache
def modules() -> dict[str, set[str]]:
    """The names of each module, by the last word of its own; a package's are in its `__init__`."""
    names: dict[str, set[str]] = defaultdict(set)
    for module in sources():
        parts = _parts(module)
        names[parts[-2] if parts[-1] == "__init__" else parts[-1]] |= {
            name for node in module.all(*_NAMING) for name in names_in(node)
        }
    return names


def _parts(module: Source) -> tuple[str, ...]:
    return module.path.relative_to(PACKAGE.parent).with_suffix("").parts


_NAMING = (ast.ClassDef, ast.FunctionDef, ast.Name, ast.Attribute, ast.arg, ast.keyword, ast.alias, ast.Constant)


def names_in(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.arg(arg=name) | ast.keyword(arg=str(name)):
            yield name
        case ast.alias(name=name, asname=alias):
            yield (alias or name).rpartition(".")[2]
        case ast.Constant(value=str(text)) if text.isidentifier():
            yield text  # a column of a table, a code of the wire


@cache
def known() -> set[str]:
    folders = {part for module in sources() for part in _parts(module)[:-1]}
    return folders.union(modules(), *modules().values())


@cache
def members() -> dict[str, set[str]]:
    """What may stand behind a point: the names of a module, those of a class, the modules of a package."""
    inside: dict[str, set[str]] = defaultdict(set)
    for name, names in modules().items():
        inside[name] |= names
    for module in sources():
        for folder, name in pairwise(_parts(module)):
            inside[folder].add(name)
        for node in module.all(ast.ClassDef):
            inside[node.name] |= {name for below in ast.walk(node) for name in names_in(below)}
    return inside


@cache
def classes() -> set[str]:
    return {node.name for module in sources() for node in module.all(ast.ClassDef)}


def is_there(quoted: str) -> bool:
    """Whether it is a name of the code, each word behind a point a name of the module, class or package before it."""
    if quoted.endswith(".py"):
        return any(module.path.name == quoted for module in sources())
    first, *others = quoted.split(".")
    return first in known() and all(name in members().get(holder, ()) for holder, name in pairwise([first, *others]))


def comments() -> Iterator[tuple[str, str]]:
    """Each comment and docstring, with its place."""
    for module in sources():
        with io.StringIO(module.text) as text:
            for token in tokenize.generate_tokens(text.readline):
                if token.type == tokenize.COMMENT:
                    yield f"{module.name}:{token.start[0]}", token.string
        yield f"{module.name}:1", ast.get_docstring(module.tree) or ""
        for node in (*module.all(ast.ClassDef), *module.all(ast.FunctionDef)):
            yield f"{module.name}:{node.lineno}", ast.get_docstring(node) or ""


def test_a_name_that_a_comment_quotes_is_there() -> None:
    quoted = [(place, name) for place, text in comments() for name in QUOTED.findall(text.replace("``", "`"))]
    assert [f"{place} {name}" for place, name in quoted if not is_there(name) and name not in NOT_OURS] == []
    assert {name for _, name in quoted} >= NOT_OURS


def test_a_name_of_the_glossary_is_there_and_one_with_a_capital_is_a_class() -> None:
    table = (ROOT / "docs" / "glossary.md").read_text().split("\n## ")[1]
    quoted = [name for row in table.splitlines() if row.startswith("|") for name in QUOTED.findall(row.split("|")[2])]
    assert [name for name in quoted if not is_there(name)] == []
    capitals = {name.split(".")[0] for name in quoted if name[0].isupper() and not name.isupper()}
    assert capitals - classes() == set()
    assert len(quoted) > 60


def test_the_table_of_floors_has_every_floor_from_the_top_down() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    floors = [
        {package.strip().removeprefix("plainchant.") for package in floor.split("|")}
        for floor in contracts["importlinter:contract:floors"]["layers"].strip().splitlines()
    ]
    table = (ROOT / "docs" / "architecture.md").read_text().split("\n## ")[1]
    rows = [row.split("|")[2].split("(beside")[0] for row in table.splitlines() if row.startswith("| ")][1:]
    packages = [name for row in rows for name in QUOTED.findall(row)]
    assert sorted(packages) == sorted(set().union(*floors))
    heights = [height for name in packages for height, floor in enumerate(floors) if name in floor]
    assert heights == sorted(heights)
