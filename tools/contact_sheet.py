"""Pictures of every kind of page, on one sheet: telephone and desk, light and dark, as each part sees them.

    python tools/contact_sheet.py                        a portal of its own, with the demonstration
    python tools/contact_sheet.py --address http://…     one that runs already, with the demonstration
    … --only facture --only deposer                      pages whose address has one of these words

Writes var/contact-sheet/: a PNG for each, and sheet.png with all of them. They are for looking, not for comparing.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import FloatRect, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from plainchant.cli import django  # noqa: E402

django()

from journeys.conftest import CHROMIUM, portal  # noqa: E402
from journeys.test_every_page import BELOW, PARTS, kinds_of_pages, log_in  # noqa: E402

SIZES = {"360": (360, 740), "1280": (1280, 800)}
SCHEMES = ("light", "dark")
TALLEST = 2.2  # screens: what comes after is more of the same
THUMB = 300  # points of the sheet for each picture, in width
COLUMNS = 8


@contextmanager
def _address(given: str) -> Iterator[str]:
    if given:
        yield given
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        portal(Path(folder), port=8799, database=None, log=Path(folder) / "portal.log") as address,
    ):
        yield address


def _pictures(page: Page, *, name: str, folder: Path, schemes: tuple[str, ...]) -> Iterator[Path]:
    """The page that is open, in each size and scheme."""
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        tall = int(page.evaluate("document.documentElement.scrollHeight"))
        for scheme in schemes:
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
            path = folder / f"{name}-{size}-{scheme}.png"
            shown = FloatRect(x=0, y=0, width=width, height=min(tall, int(height * TALLEST)))
            page.screenshot(path=path, full_page=True, clip=shown)
            yield path
    page.emulate_media(color_scheme="light")


def _sheet(paths: list[Path], out: Path) -> None:
    """All pictures, row by row, each as wide as the others and cut at the bottom."""
    cell = int(THUMB * 1.1)
    rows = -(-len(paths) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (THUMB + 8), rows * (cell + 8)), "#999999")
    for number, path in enumerate(paths):
        with Image.open(path) as picture:
            height = round(picture.height * THUMB / picture.width)
            small = picture.convert("RGB").resize((THUMB, height)).crop((0, 0, THUMB, min(height, cell)))
        sheet.paste(small, (number % COLUMNS * (THUMB + 8), number // COLUMNS * (cell + 8)))
    sheet.save(out)


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--address", default="")
    asked.add_argument("--only", action="append", default=[])
    asked.add_argument("--part", action="append", choices=list(PARTS), default=[])
    asked.add_argument("--scheme", action="append", choices=SCHEMES, default=[])
    given = asked.parse_args()
    folder = ROOT / "var" / "contact-sheet"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    paths: list[Path] = []
    known: set[str] = set()
    with _address(given.address) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for part in given.part or PARTS:
            context = browser.new_context(base_url=address, locale="fr-FR", timezone_id="Europe/Paris")
            page = context.new_page()
            if PARTS[part]:
                log_in(page, PARTS[part])
            for where, kind, _ in kinds_of_pages(page, below=BELOW.get(PARTS[part], "/"), known=known):
                if kind != "/":
                    known.add(kind)
                if given.only and not any(word in where for word in given.only):
                    continue
                name = f"{len(paths):03}-{part.replace(' ', '-')}{kind.replace('/', '-').replace('*', 'x')}".rstrip("-")
                paths += _pictures(page, name=name, folder=folder, schemes=tuple(given.scheme) or SCHEMES)
            context.close()
        browser.close()
    _sheet(paths, folder / "sheet.png")
    print(f"{len(paths)} pictures in {folder.relative_to(ROOT)}, all of them in sheet.png")


if __name__ == "__main__":
    main()
