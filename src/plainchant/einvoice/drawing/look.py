"""How a sender's documents look: the plain sheet, or a letterhead with the sender's own logo and colour.

The colour is the sender's, the reading is everybody's: what is too light for paper is darkened, its hue kept.
"""

from __future__ import annotations

import base64
import re
import struct
from dataclasses import dataclass
from typing import Any, Literal

from plainchant.einvoice.finding import Finding

TEMPLATES = ("plain", "letterhead")
MAX_LOGO_SIDE = 1_200  # pixels
MAX_LOGO_BYTES = 1_000_000
CONTRAST = 4.5  # WCAG 2.2, 1.4.3: ordinary text on its ground

_SOBER = "#57483f"  # a brown near black: what has no colour of its own
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")
_PNG = b"\x89PNG\r\n\x1a\n"
_BOX = (68.0, 26.0)  # mm: where a logo must fit
_SMALLEST_PX = 25.4 / 110  # mm a pixel: a small logo is not blown up beyond 110 to the inch


class LookRefused(ValueError):
    """A logo or a colour that cannot be printed; `field` is `logo` or `colour`, `sentence` is for its owner.

    `code` and `findings` are those of a refusal of the portal (`portal.lib.errors`), so that it is answered like one.
    """

    def __init__(self, sentence: str, *, field: Literal["logo", "colour"]) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.code = f"{field}_refused"
        self.findings = [Finding(self.code, sentence, field)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a sender chose. The plain template uses neither logo nor colour, so that one may come back to them.

    ``logo``: a PNG of at most 1,200 pixels a side and 1 MB, as `reader.sandbox.normalise_logo` makes it; what
    strangers send must go through it first. ``colour``: "#rrggbb", or "" for a sober brown.
    Raises LookRefused (a ValueError) on either, ValueError on an unknown template.
    """

    template: str = "plain"
    logo: bytes = b""
    colour: str = ""

    def __post_init__(self) -> None:
        if self.template not in TEMPLATES:
            raise ValueError(f"no template {self.template!r}: one of {', '.join(TEMPLATES)}")
        if self.colour and not _COLOUR.match(self.colour):
            raise LookRefused(
                f"« {self.colour[:20]} » n’est pas une couleur que nous savons lire. "
                "Écrivez-la avec un dièse et six chiffres ou lettres de A à F, par exemple « #1f5f5b ».",
                field="colour",
            )
        if self.logo:
            width, height = _size(self.logo)
            if not (0 < width <= MAX_LOGO_SIDE and 0 < height <= MAX_LOGO_SIDE) or len(self.logo) > MAX_LOGO_BYTES:
                raise LookRefused(
                    f"Ce logo mesure {width} × {height} points et pèse {len(self.logo) // 1000} ko ; "
                    f"{MAX_LOGO_SIDE} points de côté et 1 000 ko au plus sont acceptés. Réduisez-le.",
                    field="logo",
                )

    @property
    def ink(self) -> str:
        """The colour as letters can wear it: dark enough on white and on `tint`."""
        colour = _linear(self.colour or _SOBER)
        most = (_luminance(_linear(self.tint)) + 0.05) / CONTRAST - 0.05
        light = _luminance(colour)
        # Scaled down in light, not in code values: red stays red.
        return self.colour.lower() or _SOBER if light <= most else _written([part * most / light for part in colour])

    @property
    def tint(self) -> str:
        """The colour as a ground to write on."""
        red, green, blue = (int((self.colour or _SOBER)[at : at + 2], 16) for at in (1, 3, 5))
        return "#" + "".join(f"{round(255 - (255 - part) * 0.09):02x}" for part in (red, green, blue))

    def data(self) -> dict[str, Any]:
        """What the template is given, as JSON."""
        if self.template == "plain":
            plain = Look()
            return {"template": "plain", "ink": plain.ink, "tint": plain.tint, "bar": plain.ink, "logo": None}
        bar = self.colour or self.ink  # nothing is written on it: the colour as it was chosen
        return {"template": self.template, "ink": self.ink, "tint": self.tint, "bar": bar, "logo": self._logo()}

    def _logo(self) -> dict[str, Any] | None:
        if not self.logo:
            return None
        width, height = _size(self.logo)
        scale = min(_BOX[0] / width, _BOX[1] / height, _SMALLEST_PX)
        # typst takes text only. A drawing around the picture is three times faster than a list of its bytes.
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><image width="{width}" '
            f'height="{height}" href="data:image/png;base64,{base64.b64encode(self.logo).decode()}"/></svg>'
        )
        return {"svg": svg, "width_mm": round(width * scale, 3), "height_mm": round(height * scale, 3)}


PLAIN = Look()


def _size(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG, in pixels. Raises LookRefused on anything else."""
    if not png.startswith(_PNG) or png[12:16] != b"IHDR" or len(png) < 33:
        raise LookRefused(
            "Ce fichier n’est pas une image PNG. Enregistrez votre logo au format PNG.",
            field="logo",
        )
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def _linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def _written(linear: list[float]) -> str:
    parts = [part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in linear]
    return "#" + "".join(f"{int(part * 255):02x}" for part in parts)  # downwards: the contrast is a floor


def _luminance(linear: list[float]) -> float:
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
