"""The pictures and films beside the guides, as `make help` left them; a guide without them is words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.templatetags.static import static

FOLDER = Path(__file__).parents[2] / "help" / "static" / "help"


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One step on a computer and on a phone; sizes in pixels."""

    url: str
    width: int
    height: int
    phone_url: str
    phone_width: int
    phone_height: int


@dataclass(frozen=True, kw_only=True)
class Film:
    """``seconds`` long, without sound; ``captions`` is its WebVTT."""

    url: str
    phone_url: str
    captions: str
    poster: str
    seconds: int


@cache
def _made() -> dict[str, Any]:
    listed = FOLDER / "made.json"
    return dict(json.loads(listed.read_text())) if listed.exists() else {}


def picture(slug: str, step: str) -> Picture | None:
    """None where none was made."""
    sizes = _made().get(f"{slug}/{step}")
    if sizes is None:
        return None
    (width, height), (phone_width, phone_height) = sizes["desk"], sizes["phone"]
    at = f"help/{slug}/{step}"
    return Picture(
        url=static(f"{at}.webp"),
        width=width,
        height=height,
        phone_url=static(f"{at}.phone.webp"),
        phone_width=phone_width,
        phone_height=phone_height,
    )


def film(slug: str) -> Film | None:
    """None where none was made."""
    made = _made().get(slug)
    if made is None:
        return None
    at = f"help/{slug}/film"
    return Film(
        url=static(f"{at}.webm"),
        phone_url=static(f"{at}.phone.webm"),
        captions=static(f"{at}.vtt"),
        poster=static(f"help/{slug}/{made['poster']}.webp"),
        seconds=made["seconds"],
    )


def booklet() -> str:
    """The address of the booklet to print; empty where none was made."""
    return static("help/livret.pdf") if (FOLDER / "livret.pdf").exists() else ""
