"""A file or a folder that the documentation names is there: a file that moves takes its mentions with it.

Not the decisions: they tell what was true on their day.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "UPGRADE.md", *sorted((ROOT / "docs").glob("*.md"))]
FILES = {
    "/" + str(path.relative_to(ROOT))
    for folder in ("src", "tests", "journeys", "docs", "bench", "tools", "packaging", ".ci")
    for path in (ROOT / folder).rglob("*")
    if "__pycache__" not in path.parts
} | {"/" + path.name for path in ROOT.iterdir() if path.is_file()}
QUOTED = re.compile(r"`([\w{,}-][\w./{,}-]*\.(?:py|md|typ|html|toml|sh))`")
OF_THE_MAP = re.compile(r"^( *)([\w./-]+/|\w+\.py)(?:  .*)?$")


def each(path: str) -> list[str]:
    """The paths that `a/{b,c}.py` stands for."""
    braces = re.search(r"\{([^}]*)\}", path)
    if braces is None:
        return [path]
    return [one for part in braces[1].split(",") for one in each(path[: braces.start()] + part + path[braces.end() :])]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_file_that_is_named_is_there(document: Path) -> None:
    named = {path for quoted in QUOTED.findall(document.read_text()) for path in each(quoted)}
    assert sorted(path for path in named if not any(file.endswith(f"/{path}") for file in FILES)) == []


def test_the_map_names_every_package_and_nothing_else() -> None:
    """The map of README is a tree: what is further to the right is inside."""
    lines = (ROOT / "README.md").read_text().split("src/plainchant/\n", 1)[1].split("\n## ", 1)[0].splitlines()
    holders = [(4, ROOT / "src" / "plainchant")]
    missing, named = [], set[Path]()
    for line in filter(None, lines):
        found = OF_THE_MAP.match(line)
        assert found is not None, f"not a line of a map: {line}"
        depth, name = len(found[1]), found[2]
        while holders and holders[-1][0] >= depth:
            holders.pop()
        path = (holders[-1][1] if holders else ROOT) / name
        holders.append((depth, path))
        if not path.exists():
            missing.append(name)
        named.add(path)
    assert missing == []
    source = ROOT / "src" / "plainchant"
    packages = {path.parent for place in (source, source / "portal") for path in place.glob("*/__init__.py")}
    assert packages - named == set(), "packages that the map leaves out"
