"""Makes the one style sheet of the pages, static/plainchant/plainchant.css, of the files in web/style.

    python tools/stylesheet.py             writes it
    python tools/stylesheet.py --check     fails if it is out of date or too heavy

One file is one request; a rule a line keeps its diffs readable. What is for paper or for the dark has sheets of its
own, which a browser fetches without waiting for them.
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
MOST_BYTES = 58_000  # as a browser unpacks it; 11 kB on the way
_HEAD = "/* Made of web/style by `make docs`; do not edit here. */\n"


def made() -> str:
    """The style sheet as it should be. ValueError: a file of the folder is not among FILES."""
    there = {path.stem for path in SOURCES.glob("*.css")}
    if there != set(FILES):
        raise ValueError(f"FILES and {SOURCES} differ: {sorted(there ^ set(FILES))}")
    return _HEAD + "".join(shortened((SOURCES / f"{name}.css").read_text(encoding="utf-8")) for name in FILES)


def shortened(text: str) -> str:
    """The same rules without comments and without the spaces that say nothing, each on its line."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r" ?([{},;>]) ?", r"\1", text)
    text = re.sub(r"([\w-]): ", r"\1:", text)
    text = text.replace(";}", "}")
    return re.sub(r"(?<=[}])(?=[^}])", "\n", text).strip() + "\n"


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
