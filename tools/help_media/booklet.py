"""The booklet: all guides with their pictures, to print and hand out (PDF by typst)."""

from __future__ import annotations

import json
import shutil
import tempfile
from itertools import groupby
from pathlib import Path

import typst
from PIL import Image

from plainchant.help.guides import GUIDES

TEMPLATE = Path(__file__).parent / "booklet.typ"
_WIDTH = 680  # pixels, printed 10 cm wide


def draw_booklet(media: Path, to: Path) -> None:
    """Write the PDF. ``media`` is the folder with the pictures of the guides.

    They go in as JPEG: typst keeps those as they are, and unpacks WebP, which is eight times as much.
    """
    groups = [
        {
            "title": audience.value,
            "guides": [
                {
                    "title": guide.title,
                    "purpose": guide.purpose,
                    "needs": guide.needs,
                    "steps": [{"text": step.text, "picture": f"{guide.slug}-{step.name}.jpg"} for step in guide.steps],
                    "troubles": [{"what": trouble.what, "mend": trouble.mend} for trouble in guide.troubles],
                }
                for guide in guides
            ],
        }
        for audience, guides in groupby(GUIDES, key=lambda guide: guide.audience)
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for guide in GUIDES:
            for step in guide.steps:
                with Image.open(media / guide.slug / f"{step.name}.webp") as picture:
                    picture.thumbnail((_WIDTH, _WIDTH))
                    picture.convert("RGB").save(folder / f"{guide.slug}-{step.name}.jpg", quality=56, optimize=True)
        shutil.copy(TEMPLATE, folder)
        facts = {"groups": json.dumps(groups, ensure_ascii=False)}
        to.write_bytes(typst.compile(str(folder / TEMPLATE.name), sys_inputs=facts, pdf_standards=["ua-1"]))
