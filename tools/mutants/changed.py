"""Modules, and all that may be changed in each: the mutants."""

from __future__ import annotations

import ast
import hashlib
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .operators import Replacement, changes, children, is_skipped
from .targets import RELATED, TARGETS

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "plainchant"


@dataclass(frozen=True, eq=False)
class Mutant:
    """One change to a module. ``lines``: where a test must have passed to see it; None if that is when importing."""

    module: Module
    line: int
    change: str
    apply: Callable[[], None]
    lines: range | None
    function: str
    is_guard: bool  # a refusal, a right or a scope is taken away

    def __str__(self) -> str:
        return f"{self.module.path}:{self.line}  {self.change}"


@dataclass(frozen=True, eq=False)
class Module:
    path: str  # under src/plainchant
    tree: ast.Module

    @property
    def name(self) -> str:
        return "plainchant." + self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def file(self) -> Path:
        return SOURCE / self.path


def modules() -> list[Module]:
    paths = {path.relative_to(SOURCE).as_posix() for pattern in TARGETS for path in SOURCE.glob(pattern)}
    return [Module(path, ast.parse((SOURCE / path).read_text())) for path in sorted(paths)]


def mutants_of(module: Module) -> list[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    return sorted(_below(module.tree, _Place(module)), key=lambda mutant: (mutant.line, mutant.change))


@dataclass(frozen=True)
class _Place:
    """Where the walk stands: the statement around it, and what executes it."""

    module: Module
    lines: range | None = None
    function: str = ""

    def inside(self, node: ast.AST) -> _Place:
        match node:
            case ast.FunctionDef(name=name, body=body):
                return _Place(self.module, range(body[0].lineno, (node.end_lineno or node.lineno) + 1), name)
            case ast.Lambda():
                return _Place(self.module, range(node.lineno, (node.end_lineno or node.lineno) + 1), self.function)
            case ast.stmt() if self.lines is not None:
                inner: list[ast.stmt] = getattr(node, "body", [])
                last = inner[0].lineno - 1 if inner else node.end_lineno or node.lineno
                return _Place(self.module, range(node.lineno, max(last, node.lineno) + 1), self.function)
        return self


def _below(node: ast.AST, place: _Place) -> Iterator[Mutant]:
    for name, index, child in children(node):
        if is_skipped(child):
            continue
        inside = place.inside(child)
        for replacement, is_guard in changes(child, node, place.module.path):
            yield Mutant(
                module=place.module,
                line=getattr(child, "lineno", getattr(node, "lineno", 0)),
                change=_difference(child, replacement),
                apply=_put(node, name, index, replacement),
                lines=inside.lines,
                function=inside.function,
                is_guard=is_guard,
            )
        yield from _below(child, inside)


def _put(parent: ast.AST, name: str, index: int | None, replacement: Replacement) -> Callable[[], None]:
    def put() -> None:
        new = ast.Pass() if replacement is None else replacement
        if index is None:
            setattr(parent, name, new)
        else:
            getattr(parent, name)[index] = new

    return put


def _difference(before: ast.AST, after: Replacement) -> str:
    """What changes, on one line, with a little of what stands around it: `filter(pk=1[-, status=seen-])`."""
    old, new = _words(before), _words(after)
    start = _common(old, new)
    rest = min(len(old), len(new)) - start
    end = _common(old[::-1][:rest], new[::-1][:rest])
    removed, added = ("".join(words[start : len(words) - end]) for words in (old, new))
    marks = (f"[-{_cut(removed, 100)}-]" if removed else "") + (f"{{+{_cut(added, 70)}+}}" if added else "")
    before_it, after_it = "".join(old[:start]), "".join(old[len(old) - end :])
    return f"{_cut(before_it[::-1], 60)[::-1]}{marks}{_cut(after_it, 30)}"


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words two texts have in common at their beginning."""
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _words(node: Replacement) -> list[str]:
    """The code of a node on one line; of an `if`, its condition only."""
    if node is None:
        return []
    text = f"if {ast.unparse(node.test)}" if isinstance(node, ast.If) else ast.unparse(node)
    return re.findall(r"\w+|\W", " ".join(text.split()))


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def drawn(population: Sequence[Mutant], *, count: int, seed: str) -> list[Mutant]:
    """``count`` mutants, spread evenly over the modules; a line that changes elsewhere does not change the draw."""

    def lot(*names: str) -> bytes:
        return hashlib.sha256("\n".join((seed, *names)).encode()).digest()

    piles: dict[Module, list[Mutant]] = {}
    for mutant in population:
        piles.setdefault(mutant.module, []).append(mutant)
    order = [
        sorted(piles[module], key=lambda mutant: lot(mutant.module.path, mutant.function, mutant.change))
        for module in sorted(piles, key=lambda module: lot(module.path))
    ]
    turns = max(map(len, order), default=0)
    return [pile[turn] for turn in range(turns) for pile in order if turn < len(pile)][:count]


def related_tests(module: Module) -> list[str]:
    """The test files that stand near a module, the nearest first."""
    folder = Path(module.path).parent
    above = [folder, *folder.parents]
    places = RELATED.get(module.path) or [
        f"tests/{folder.as_posix()}",
        *(place for each in above for place in RELATED.get(each.as_posix(), ())),
    ]
    own = Path(module.path).stem
    files = [file for place in places for file in _tests_in(ROOT / place)]
    return [str(file) for file in sorted(dict.fromkeys(files), key=lambda file: own not in file.stem)]


def _tests_in(place: Path) -> list[Path]:
    return [place] if place.suffix == ".py" else sorted(place.rglob("test_*.py"))
