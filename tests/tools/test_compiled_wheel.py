"""The compiled wheel: its folder has what a build needs, with the facts of the plain distribution."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tools.compiled_wheel import COMPILED, ENGINE, SOURCES, lay_out


def test_what_is_laid_out_can_be_built(tmp_path: Path) -> None:
    lay_out(tmp_path)

    project = tomllib.loads((tmp_path / "pyproject.toml").read_text(encoding="utf-8"))
    plain = tomllib.loads((SOURCES / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"] == plain["project"]
    assert [name for name in COMPILED if not (tmp_path / ENGINE / name).is_file()] == []
    assert (tmp_path / project["project"]["readme"]).is_file()
