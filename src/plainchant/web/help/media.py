"""The pictures and films beside the guides, as `make help` left them; a guide without them is words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.templatetags.static import static

FOLDER = Path(__file__).parents[2] / "help" / "static" / "help"


@dataclass(frozen=True)
class Picture:
    """One step on a computer and on a phone; sizes in pixels."""

    url: str
    width: int
    height: int
    phone_url: str
    phone_width: int
    phone_height: int


@dataclass(frozen=True)
class Film:
    """``seconds`` long, without sound; ``captions`` is its WebVTT."""

    url: str
    phone_url: str
    captions: str
    poster: str
    seconds: int


@cache
def _made() -> dict[str, dict[str, object]]:
    listed = FOLDER / "made.json"
    return dict(json.loads(listed.read_text())) if listed.exists() else {}


def picture(slug: str, step: str) -> Picture | None:
    """None where none was made."""
    sizes = _made().get(f"{slug}/{step}")
    if not sizes:
        return None
    desk, phone = sizes["desk"], sizes["phone"]
    at = f"help/{slug}/{step}"
    return Picture(static(f"{at}.webp"), *desk, static(f"{at}.phone.webp"), *phone)  # type: ignore[misc, call-arg]


def film(slug: str) -> Film | None:
    """None where none was made."""
    made = _made().get(slug)
    if not made:
        return None
    at = f"help/{slug}/film"
    poster = static(f"help/{slug}/{made['poster']}.webp")
    return Film(
        static(f"{at}.webm"), static(f"{at}.phone.webm"), static(f"{at}.vtt"), poster, int(str(made["seconds"]))
    )


def booklet() -> str:
    """The address of the booklet to print; empty where none was made."""
    return static("help/livret.pdf") if (FOLDER / "livret.pdf").exists() else ""
