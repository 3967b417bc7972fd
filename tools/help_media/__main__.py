"""python -m tools.help_media FRAMES: write src/plainchant/help/static/help/ anew, and print what it weighs.

FRAMES is the folder that `pytest journeys --help-frames FRAMES` has filled. Fails where a step has no picture, where a
film is longer than LONGEST, or where all weighs more than BUDGET.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from PIL import Image

from plainchant.help.guides import GUIDES

from .booklet import draw_booklet
from .film import LONGEST, Scene, captions, film, seconds
from .marks import Box, marked

OUT = Path("src/plainchant/help/static/help")
BUDGET = 8 << 20
SIZES = ("desk", "phone")


def main(frames: Path) -> int:
    missing = [
        f"{g.slug}/{s.name}" for g in GUIDES for s in g.steps if not (frames / g.slug / f"{s.name}.json").exists()
    ]
    if missing:
        print(f"no journey has photographed {', '.join(missing)}", file=sys.stderr)
        return 1
    shutil.rmtree(OUT, ignore_errors=True)
    made: dict[str, dict[str, object]] = {}
    for guide in GUIDES:
        folder = OUT / guide.slug
        folder.mkdir(parents=True)
        scenes: dict[str, list[Scene]] = {size: [] for size in SIZES}
        for step in guide.steps:
            boxes = json.loads((frames / guide.slug / f"{step.name}.json").read_text())
            kept = {}
            for size in SIZES:
                with Image.open(frames / guide.slug / f"{step.name}.{size}.png") as opened:
                    seen = opened.convert("RGB")
                box = Box.of(boxes[size]).within(seen.size)
                scenes[size].append(Scene(seen, box, step.text))
                name = f"{step.name}.webp" if size == "desk" else f"{step.name}.{size}.webp"
                marked(seen, box).save(folder / name, quality=52, method=6)
                kept[size] = seen.size
            made[f"{guide.slug}/{step.name}"] = dict(kept)
        for size in SIZES:
            film(scenes[size], folder / ("film.webm" if size == "desk" else f"film.{size}.webm"))
        (folder / "film.vtt").write_text(captions(scenes["desk"]))
        length = seconds(scenes["desk"])
        if length > LONGEST:
            print(f"the film of {guide.slug} takes {length:.0f} s, more than {LONGEST}", file=sys.stderr)
            return 1
        made[guide.slug] = {"seconds": round(length), "poster": guide.steps[0].name}
    (OUT / "made.json").write_text(json.dumps(made, indent=1, sort_keys=True) + "\n")
    draw_booklet(OUT, OUT / "livret.pdf")
    return _weigh()


def _weigh() -> int:
    weights = {ending: sum(p.stat().st_size for p in OUT.rglob(f"*{ending}")) for ending in (".webp", ".webm", ".pdf")}
    total = sum(p.stat().st_size for p in OUT.rglob("*") if p.is_file())
    shown = ", ".join(f"{ending[1:]} {weight / 1024:,.0f} kB" for ending, weight in weights.items())
    print(f"{len(GUIDES)} guides: {total / 1024:,.0f} kB of {BUDGET // 1024:,} ({shown})")
    return 0 if total <= BUDGET else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
