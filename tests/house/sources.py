"""The Python sources of the portal and of the engine, read and parsed once for all tests of the house."""

from __future__ import annotations

import ast
import gc
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar

PACKAGE = Path(__file__).parents[2] / "src" / "plainchant"
Node = TypeVar("Node", bound=ast.AST)


class Source(NamedTuple):
    """One module. ``nodes``: every node of ``tree``, by its class."""

    path: Path
    text: str
    tree: ast.Module
    nodes: dict[type[ast.AST], list[ast.AST]]

    @property
    def name(self) -> str:
        """Where it stands in the package, such as `web/routes.py`."""
        return str(self.path.relative_to(PACKAGE))

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.path.parts

    def all(self, *kinds: type[Node]) -> list[Node]:
        """The nodes of these classes, class by class, each in the order in which `ast.walk` meets them."""
        return [node for kind in kinds for node in self.nodes.get(kind, ())]  # type: ignore[misc]


@cache
def sources() -> tuple[Source, ...]:
    """Every module of src/plainchant, by path."""
    found = tuple(source(path) for path in sorted(PACKAGE.rglob("*.py")))
    gc.freeze()  # a million nodes, kept to the end: not to be looked at by each collection
    return found


def source(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    nodes = defaultdict(list)
    for node in ast.walk(tree):
        nodes[type(node)].append(node)
    return Source(path, text, tree, dict(nodes))
