"""Scans and photos: what is refused before a pixel is decoded, and how they are laid on a page."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from plainchant.capture.legible.picture import draw_picture
from plainchant.capture.pdf import read_document, render_page
from plainchant.capture.picture import (
    MAX_PIXELS,
    UnreadablePicture,
    open_colours,
    open_pages,
    open_picture,
    page_count,
)

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def photo(*, size: tuple[int, int] = (300, 200), kind: str = "JPEG", mode: str = "RGB", orientation: int = 1) -> bytes:
    """A white sheet with a red square in its first corner."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 5, size[1] // 5), fill="red")
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    image.convert(mode).save(out, kind, exif=exif)
    return out.getvalue()


needs_heic = pytest.mark.skipif(find_spec("pi_heif") is None, reason="pi-heif is not installed here")
# A white sheet lying on its side with a red square in its first corner, as an iPhone saves it: turned by the decoder.
LYING = Path(__file__).with_name("lying.heic").read_bytes()


def pages_of_tiff(*sizes: tuple[int, int], mode: str = "1", compression: str = "group4") -> bytes:
    """White pages, as a scanner saves them in one file."""
    first, *others = (Image.new(mode, size, "white") for size in sizes)
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=others, compression=compression)
    return out.getvalue()


def declared_tiff(width: int, height: int) -> bytes:
    """A directory that promises pixels, and none behind it; it leads to itself as the next page."""
    entries = ((256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, height), (279, 4))
    rows = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + rows + struct.pack("<I", 8)


def declared_webp(width: int, height: int) -> bytes:
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunk = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + size
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def declared_heic(width: int, height: int) -> bytes:
    """The iPhone's photo, said to be larger than it is."""
    at = LYING.index(b"ispe") + 8
    return LYING[:at] + struct.pack(">II", width, height) + LYING[at + 8 :]


def declared_png(width: int, height: int) -> bytes:
    """A header that promises pixels, and none behind it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR" + head, b"IDAT" + zlib.compress(b""), b"IEND")
    framed = (struct.pack(">I", len(one) - 4) + one + struct.pack(">I", zlib.crc32(one)) for one in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"GIF89a" + bytes(50), "not_a_picture"),
        (b"<svg/>", "not_a_picture"),
        (declared_png(60_000, 60_000), "too_large"),
        (declared_png(MAX_PIXELS // 1000 + 1, 1000), "too_large"),
        (declared_png(10, 10), "unreadable"),
        (photo()[:200], "unreadable"),
        (b"\xff\xd8\xff" + bytes(500), "unreadable"),
        (declared_tiff(60_000, 60_000), "too_large"),
        (declared_tiff(60, 60), "unreadable"),
        (pages_of_tiff((60, 60), (90, 50))[:100], "unreadable"),
        (b"II*\0" + bytes(40), "unreadable"),
        (declared_webp(16_000, 16_000), "too_large"),
        (photo(kind="WEBP")[:60], "unreadable"),
        pytest.param(LYING[: len(LYING) // 2], "unreadable", marks=needs_heic),
        pytest.param(LYING[:40], "unreadable", marks=needs_heic),
        pytest.param(declared_heic(60_000, 60_000), "too_large", marks=needs_heic),
        pytest.param(b"\0\0\0\x20ftypheic" + bytes(300), "unreadable", marks=needs_heic),
        (b"\0\0\0\x20ftypavif" + bytes(300), "not_a_picture"),
    ],
)
@pytest.mark.parametrize("opener", [open_picture, open_colours])
def test_what_cannot_be_opened_says_why(opener, data: bytes, code: str) -> None:
    with pytest.raises(UnreadablePicture) as refusal:
        opener(data, long_side=1000)
    assert refusal.value.code == code


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_as_the_camera_was_held(orientation: int) -> None:
    seen = open_colours(photo(orientation=orientation), long_side=1000)
    assert seen.size == ((300, 200) if orientation < 5 else (200, 300))
    width, height = seen.size
    corners = {
        "top left": (5, 5),
        "top right": (width - 5, 5),
        "bottom right": (width - 5, height - 5),
        "bottom left": (5, height - 5),
    }
    red = [name for name, at in corners.items() if seen.getpixel(at)[1] < 128]  # type: ignore[index]
    where = (
        "top left",
        "top right",
        "bottom right",
        "bottom left",
        "top left",
        "top right",
        "bottom right",
        "bottom left",
    )
    assert red == [where[orientation - 1]]


@needs_heic
@pytest.mark.parametrize("opener", [open_picture, open_colours])
def test_a_photo_of_an_iphone_is_opened_upright(opener) -> None:
    seen = opener(LYING, long_side=1000).convert("L")
    assert seen.size[1] > seen.size[0]
    width, height = seen.size
    assert seen.getpixel((width - 8, 8)) < 140  # the first corner has come to the right
    assert seen.getpixel((8, 8)) > 240
    assert seen.getpixel((width - 8, height - 8)) > 240


@pytest.mark.parametrize("mode", ["L", "1", "P", "RGB", "CMYK", "I;16"])
def test_every_kind_of_tiff_is_read(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (60, 40)).save(out, "TIFF")
    assert open_picture(out.getvalue(), long_side=60).size == (60, 40)
    assert open_colours(out.getvalue(), long_side=100).mode == "RGB"


def test_a_tiff_has_as_many_pages_as_it_has() -> None:
    data = pages_of_tiff((600, 850), (850, 600), (600, 850))
    assert [number for number, _ in open_pages(data, long_side=300, numbers=[1, 3])] == [1, 3]
    pages = read_document(draw_picture(data, title="fax.tif", at=AT)).pages
    assert [page.width_pt > page.height_pt for page in pages] == [False, True, False]


def test_a_page_too_large_among_others_is_refused_before_it_is_decoded() -> None:
    data = pages_of_tiff((60, 60), (8000, 8000))
    with pytest.raises(UnreadablePicture) as refusal:
        draw_picture(data, title="x", at=AT)
    assert refusal.value.code == "too_large"


def test_a_directory_that_leads_to_itself_ends() -> None:
    with Image.open(io.BytesIO(declared_tiff(60, 60))) as image:
        assert page_count(image) <= 2


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA", "RGBA", "I;16"])
def test_every_kind_of_png_is_laid_on_white(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (60, 40)).save(out, "PNG")
    seen = open_colours(out.getvalue(), long_side=100)
    assert (seen.mode, seen.size) == ("RGB", (60, 40))
    if mode in ("LA", "RGBA"):
        assert seen.getpixel((5, 5)) == (255, 255, 255)


def test_a_picture_lies_on_one_page_the_way_it_is_wide() -> None:
    for data, is_wide in ((photo(), True), (photo(orientation=6), False), (photo(kind="PNG"), True)):
        document = read_document(draw_picture(data, title="Ma facture.jpg", at=AT))
        assert document.page_count == 1
        assert (document.pages[0].width_pt > document.pages[0].height_pt) is is_wide
        assert not document.has_text


def test_its_colours_are_on_the_page_and_the_title_is_no_code() -> None:
    drawn = draw_picture(photo(size=(600, 850)), title='#panic() "x"', at=AT)
    with Image.open(io.BytesIO(render_page(drawn, page=1, width_px=600))) as page:
        red, green, _ = page.convert("RGB").getpixel((60, 60))  # type: ignore[misc]
    assert red > 200
    assert green < 60


def test_a_large_photo_gives_a_small_copy() -> None:
    assert len(draw_picture(photo(size=(6000, 8000)), title="x", at=AT)) < 2 << 20
