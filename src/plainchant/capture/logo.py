"""A sender's logo, whatever it came as, made into a picture that a page can bear: a small PNG and nothing else.

The bytes are a stranger's: to be called in a process that may die (`reader.sandbox.normalise_logo`).
"""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageChops, ImageOps

from plainchant.capture.picture import BROKEN, JPEG, PNG, UnreadablePicture
from plainchant.einvoice.drawing.look import MAX_LOGO_BYTES, MAX_LOGO_SIDE

MAX_PIXELS = 25_000_000  # decoded with four colours a pixel, and turned: beyond, memory is no longer sure
_SIDES = (MAX_LOGO_SIDE, 800, 500, 300)  # a photograph weighs more than a drawing: it is made smaller
_NEARLY_WHITE = 8  # of 255: what a JPEG leaves around a drawing


def normalised(data: bytes) -> bytes:
    """A PNG of at most 1,200 pixels a side and 1 MB, upright, its empty margins cut, without metadata.

    Takes PNG and JPEG. Raises UnreadablePicture: empty, not_a_picture, unreadable, too_large, or blank.
    """
    if not data:
        raise UnreadablePicture("empty")
    if not data.startswith((PNG, JPEG)):
        raise UnreadablePicture("not_a_picture")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Pillow on odd metadata and on size, which is checked here
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise UnreadablePicture("too_large")
                return _written(_trimmed(_plain(image)))
    except Image.DecompressionBombError as error:
        raise UnreadablePicture("too_large") from error
    except BROKEN as error:
        raise UnreadablePicture("unreadable") from error


def _plain(image: Image.Image) -> Image.Image:
    """Eight bits, three colours, and a fourth channel where something shows through."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I"):  # sixteen bits of grey
        upright = upright.point(lambda value: value / 256).convert("L")
    if upright.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in upright.info:
        with_ground = upright.convert("RGBA")
        lowest, _ = with_ground.getchannel("A").getextrema()
        return with_ground if lowest != 255 else with_ground.convert("RGB")
    return upright.convert("RGB")


def _trimmed(picture: Image.Image) -> Image.Image:
    """Without the empty margins, so that the logo stands where the text begins."""
    if picture.mode == "RGBA":
        box = picture.getchannel("A").getbbox()
    else:
        unlike = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).convert("L")
        box = unlike.point(lambda value: 255 if value > _NEARLY_WHITE else 0).getbbox()
    if box is None:
        raise UnreadablePicture("blank")
    return picture.crop(box)


def _written(picture: Image.Image) -> bytes:
    for side in _SIDES:
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())  # no info comes along
        out = io.BytesIO()
        bare.save(out, "PNG", optimize=side == _SIDES[-1])
        if out.tell() <= MAX_LOGO_BYTES:
            return out.getvalue()
    raise UnreadablePicture("too_large")
