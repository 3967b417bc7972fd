"""One style sheet, made of web/style: five sizes of letters, two weights, spaces in steps of half a rem, few bytes."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEB = ROOT / "src" / "plainchant" / "web"
STATIC = WEB / "static" / "plainchant"
SHEETS = [path for path in sorted((WEB / "style").glob("*.css")) if path.stem != "tokens"] + [STATIC / "dense.css"]
SIZES = {*(f"var(--text-{size})" for size in (14, 16, 18, 24, 36)), "var(--text)", "inherit"}
SPACE = re.compile(r"(?<![\w-])((?:margin|padding|gap|row-gap|column-gap)(?:-[a-z]+)*):([^;}]+)")
LENGTH = re.compile(r"-?[\d.]+(?:px|rem|em|ch|vw|vh|%)")
HALF_STEP = 4  # points: inside a word's own box; between things it is 8 and its multiples


def _stray(text: str) -> list[str]:
    """Sizes, weights and spaces that are not of the scale."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    stray = [f"font-size: {size}" for size in re.findall(r"font-size: ([^;}]+)", text) if size.strip() not in SIZES]
    weights = re.findall(r"font-weight: ([^;}]+)", text)
    stray += [f"font-weight: {weight}" for weight in weights if weight.strip() not in ("400", "600")]
    for name, value in SPACE.findall(text):
        lengths = LENGTH.findall(value.replace("calc(", "("))
        stray += [f"{name}:{value}" for length in lengths if not _is_a_step(length)]
    return stray


def _is_a_step(length: str) -> bool:
    if length in ("1px", "-1px"):  # over a line
        return True
    return length.endswith("rem") and float(length[:-3]) * 16 % HALF_STEP == 0


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: str(path.stem))
def test_sizes_weights_and_spaces_are_those_of_the_scale(path: Path) -> None:
    assert _stray(path.read_text(encoding="utf-8")) == []


def test_another_size_weight_or_space_is_found() -> None:
    assert len(_stray("a { font-size: 15px; font-weight: 500; margin: 0 .3rem; }")) == 3


def test_the_style_sheet_is_made_of_its_sources_and_is_light() -> None:
    """Whoever has 400 kbit/s waits a fifth of a second for it: 40 kB, 10 on the way; Bootstrap's had 233,000 bytes."""
    command = [sys.executable, "tools/stylesheet.py", "--check"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout
    assert len(gzip.compress((STATIC / "plainchant.css").read_bytes())) < 10_500


def test_icons_are_of_one_package_and_each_is_used() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (WEB / "templates").rglob("*.html"))
    there = {path.stem for path in (WEB / "icons").glob("*.svg")}
    assert set(re.findall(r'{% icon "([\w-]+)"', sources)) == there
    assert all("@license lucide-static" in (WEB / "icons" / f"{name}.svg").read_text() for name in there)
    assert (WEB / "icons" / "lucide.LICENSE.txt").exists()


def test_the_fonts_are_those_of_the_packages_and_are_light() -> None:
    fonts = list((STATIC / "fonts").glob("*.woff2"))
    assert {path.stem for path in fonts} == {"source-sans-3-400", "source-sans-3-600", "eb-garamond-600"}
    assert all(path.read_bytes()[:4] == b"wOF2" for path in fonts)
    assert sum(path.stat().st_size for path in fonts) < 60_000
    assert {path.name for path in (STATIC / "fonts").glob("*.txt")} == {
        "eb-garamond.LICENSE.txt",
        "source-sans-3.LICENSE.txt",
    }
