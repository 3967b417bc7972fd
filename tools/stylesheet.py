"""Makes the one style sheet of the pages, static/plainchant/plainchant.css, of the files in web/style.

    python tools/stylesheet.py             writes it
    python tools/stylesheet.py --check     fails if it is out of date or too heavy

One file is one request; short lines keep its diffs readable. What is for paper, for the dark or for the rows of desks
has sheets of its own, which a browser fetches without waiting for them or only where they apply.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

WEB = Path(__file__).parents[1] / "src" / "plainchant" / "web"
SOURCES, SHEET = WEB / "style", WEB / "static" / "plainchant" / "plainchant.css"
# In this order: a later rule wins over an earlier one.
FILES = (
    "tokens",
    "reset",
    "ground",
    "header",
    "buttons",
    "forms",
    "components",
    "lists",
    "invoices",
    "entry",
    "home",
    "help",
)
MOST_BYTES = 40_960  # as a browser unpacks it; 10 kB on the way
LONGEST_LINE = 600
_HEAD = "/* Made of web/style by `make docs`; do not edit here. */\n"


def made() -> str:
    """The style sheet as it should be. ValueError: a file of the folder is not among FILES."""
    there = {path.stem for path in SOURCES.glob("*.css")}
    if there != set(FILES):
        raise ValueError(f"FILES and {SOURCES} differ: {sorted(there ^ set(FILES))}")
    rules = [rule for name in FILES for rule in shortened((SOURCES / f"{name}.css").read_text(encoding="utf-8"))]
    return _HEAD + folded(rules)


def shortened(text: str) -> list[str]:
    """The same rules, without comments and without the signs that say nothing."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{},;>]) ?", r"\1", text)
    text = re.sub(r"([\w-]): ", r"\1:", text)
    text = text.replace(";}", "}").replace(" !important", "!important")
    text = re.sub(r"::(?=before|after)", ":", text)
    return re.split(r"(?<=})(?=[^}])", text.strip())


def folded(rules: list[str]) -> str:
    """The rules one after the other, a new line where one would be longer than LONGEST_LINE."""
    lines = [""]
    for rule in rules:
        if lines[-1] and len(lines[-1]) + len(rule) > LONGEST_LINE:
            lines.append("")
        lines[-1] += rule
    return "\n".join(lines) + "\n"


def main() -> int:
    sheet = made()
    size = len(sheet.encode())
    if size > MOST_BYTES:
        print(f"{SHEET.name} has {size} bytes; {MOST_BYTES} at most")
        return 1
    if SHEET.exists() and SHEET.read_text(encoding="utf-8") == sheet:
        return 0
    if "--check" in sys.argv:
        print(f"{SHEET.name} is out of date: run `make docs`")
        return 1
    SHEET.write_text(sheet, encoding="utf-8")
    print(f"{SHEET.name} written: {size} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
