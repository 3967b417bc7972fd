"""A logo comes from a stranger: read in a disposable process, and given back as a small PNG or refused."""

from __future__ import annotations

import io
import os
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from plainchant.einvoice.drawing import Look, draw
from plainchant.einvoice.drawing.look import MAX_LOGO_BYTES, MAX_LOGO_SIDE
from plainchant.einvoice.pdfa.probe import probe
from plainchant.reader.sandbox import MAX_LOGO_UPLOAD_BYTES, ReaderFailed, normalise_logo
from tests.einvoice.drawing.bills import AT, logo, school_visit


def picture(mode: str, size: tuple[int, int] = (300, 200), *, kind: str = "PNG", **told: object) -> bytes:
    drawn = Image.open(io.BytesIO(logo(*size)))
    ground = Image.new("RGBA", size, "white")
    ground.alpha_composite(drawn.convert("RGBA"))
    written = io.BytesIO()
    (drawn.convert(mode) if mode in ("RGBA", "LA", "PA") else ground.convert("RGB").convert(mode)).save(
        written, kind, **told
    )
    return written.getvalue()


def sixteen_bits() -> bytes:
    written = io.BytesIO()
    Image.frombytes("I;16", (20, 20), struct.pack("<400H", *range(0, 40_000, 100))).save(written, "PNG")
    return written.getvalue()


def declared(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(4096))), (b"IEND", b""))
    parts = (struct.pack(">I", len(b)) + n + b + struct.pack(">I", zlib.crc32(n + b)) for n, b in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    ("data", "reason", "said"),
    [
        (b"", "empty", "Ce fichier est vide"),
        (b"GIF89a" + bytes(50), "not_a_picture", "n’est pas une image PNG ou JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "not_a_picture", "enregistrez-le dans l’un"),
        (b"%PDF-1.7\n", "not_a_picture", "PNG ou JPEG"),
        (picture("RGB")[:300], "unreadable", "abîmée ou incomplète"),
        (b"\xff\xd8\xff\xe0" + os.urandom(500), "unreadable", "abîmée ou incomplète"),
        (declared(60_000, 60_000), "too_large", "25 millions de points"),
        (declared(6_000, 5_000), "too_large", "25 millions de points"),
        (declared(2_000, 2_000), "unreadable", "abîmée ou incomplète"),
        (bytes(MAX_LOGO_UPLOAD_BYTES + 1), "too_large", "5 Mo"),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused_in_a_sentence(data: bytes, reason: str, said: str) -> None:
    with pytest.raises(ReaderFailed) as failed:
        normalise_logo(data)
    assert failed.value.reason == reason
    assert said in failed.value.sentence.replace("\u00a0", " ")
    assert "PDF" not in failed.value.sentence


@pytest.mark.parametrize("ground", [(255, 255, 255, 255), (0, 0, 0, 0)])
def test_a_picture_on_which_nothing_is_drawn_is_refused(ground: tuple[int, ...]) -> None:
    written = io.BytesIO()
    Image.new("RGBA", (50, 50), ground).save(written, "PNG")
    with pytest.raises(ReaderFailed, match="on n’y voit rien"):
        normalise_logo(written.getvalue())


@pytest.mark.parametrize(
    "data",
    [
        *(picture(mode) for mode in ("RGBA", "RGB", "L", "LA", "P", "1")),
        sixteen_bits(),
        *(picture(mode, kind="JPEG") for mode in ("RGB", "L", "CMYK")),
        picture("RGB", kind="JPEG", progressive=True),
    ],
)
def test_every_kind_of_picture_becomes_a_plain_png_that_the_page_bears(data: bytes) -> None:
    made = normalise_logo(data)
    with Image.open(io.BytesIO(made)) as image:
        assert (image.format, image.info) == ("PNG", {})
        assert image.mode in ("RGB", "RGBA")
        assert max(image.size) <= MAX_LOGO_SIDE
    assert probe(draw(school_visit(), at=AT, look=Look(template="letterhead", logo=made))) == ()


def test_where_it_was_taken_and_by_whom_is_forgotten() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", "Canari")
    exif = Image.Exif()
    exif[0x8298] = "Canari"
    made = normalise_logo(picture("RGBA", pnginfo=told, exif=exif, icc_profile=b"Canari" * 30, dpi=(72, 72)))
    assert b"Canari" not in made
    assert b"Canari" not in normalise_logo(picture("RGB", kind="JPEG", exif=exif, comment=b"Canari"))


def test_a_picture_turned_by_its_camera_is_set_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    made = normalise_logo(picture("RGB", (300, 100), kind="JPEG", exif=exif))
    with Image.open(io.BytesIO(made)) as image:
        assert image.height > image.width


def test_empty_margins_are_cut() -> None:
    ground = Image.new("RGB", (900, 700), "white")
    ground.paste((160, 60, 40), (300, 200, 500, 260))
    written = io.BytesIO()
    ground.save(written, "PNG")
    with Image.open(io.BytesIO(normalise_logo(written.getvalue()))) as image:
        assert image.size == (200, 60)


def test_a_large_photograph_is_made_small_enough() -> None:
    noise = Image.merge("RGB", [Image.effect_noise((2000, 1500), 90) for _ in range(3)])
    written = io.BytesIO()
    noise.save(written, "JPEG", quality=80)
    made = normalise_logo(written.getvalue())
    assert len(made) <= MAX_LOGO_BYTES
    with Image.open(io.BytesIO(made)) as image:
        assert image.width / image.height == pytest.approx(4 / 3, abs=0.01)
