"""A sender's template, logo and colour: what cannot be printed is refused, what cannot be read is darkened."""

from itertools import product

import pypdfium2
import pytest

from plainchant.einvoice.drawing import Look, LookRefused, draw
from plainchant.einvoice.drawing.look import CONTRAST, MAX_LOGO_BYTES
from plainchant.einvoice.pdfa.probe import probe
from plainchant.einvoice.syntaxes.cii.write import write
from plainchant.einvoice.syntaxes.facturx.extract import extract
from tests.einvoice.drawing.bills import AT, logo, school_visit


def contrast(one: str, other: str) -> float:
    """WCAG's, written out again."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    lighter, darker = sorted((light(one), light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def text_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return sorted("".join(page.get_textpage().get_text_range() for page in document).split())


@pytest.mark.parametrize("colour", ["teal", "#12345", "#1234567", "#12345g", "#12345६", "rgb(1,2,3)", "#123456\n"])
def test_a_colour_that_is_none_is_refused_with_an_example(colour):
    with pytest.raises(LookRefused, match=r"par exemple .*#1f5f5b") as refusal:
        Look(template="letterhead", colour=colour)
    assert refusal.value.field == "colour"


@pytest.mark.parametrize("data", [b"GIF89a", b"\x89PNG\r\n\x1a\n", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_a_logo_that_is_no_png_is_refused(data):
    with pytest.raises(LookRefused, match="n’est pas une image PNG") as refusal:
        Look(template="letterhead", logo=data)
    assert refusal.value.field == "logo"


def test_a_logo_too_large_is_refused_with_its_size():
    with pytest.raises(LookRefused, match="1201 × 10 points"):
        Look(template="letterhead", logo=logo(1201, 10))
    with pytest.raises(LookRefused, match="1000 ko"):
        Look(template="letterhead", logo=logo(10, 10) + bytes(MAX_LOGO_BYTES))


def test_a_damaged_logo_is_refused_when_it_is_drawn_and_the_next_drawing_works():
    damaged = Look(template="letterhead", logo=logo(100, 50)[:60] + bytes(200))
    with pytest.raises(LookRefused, match="Ce logo est abîmé"):
        draw(school_visit(), at=AT, look=damaged)
    assert draw(school_visit(), at=AT).startswith(b"%PDF-")


def test_a_template_that_does_not_exist_is_an_error_of_the_caller():
    with pytest.raises(ValueError, match="no template 'fancy'"):
        Look(template="fancy")


def test_every_colour_can_be_read_on_white_and_on_its_own_tint():
    steps = ("00", "33", "66", "99", "cc", "ff")
    for parts in product(steps, repeat=3):
        look = Look(template="letterhead", colour=f"#{''.join(parts)}")
        assert contrast(look.ink, "#ffffff") >= CONTRAST
        assert contrast(look.ink, look.tint) >= CONTRAST
        assert contrast("#5f5853", look.tint) >= CONTRAST  # the grey of labels


def test_a_dark_colour_stays_what_it_is_and_a_light_one_keeps_its_hue():
    assert Look(template="letterhead", colour="#1F5F5B").ink == "#1f5f5b"
    yellow = Look(template="letterhead", colour="#ffd400")
    assert yellow.ink != yellow.colour
    red, green, blue = (int(yellow.ink[at : at + 2], 16) for at in (1, 3, 5))
    assert red > green > blue == 0


@pytest.mark.parametrize(
    ("width", "height", "shown"),
    [(1200, 90, (68.0, 5.1)), (200, 1200, (4.333, 26.0)), (16, 16, (3.695, 3.695)), (600, 600, (26.0, 26.0))],
)
def test_a_logo_keeps_its_proportions_fits_its_place_and_is_not_blown_up(width, height, shown):
    told = Look(template="letterhead", logo=logo(width, height)).data()["logo"]
    assert (told["width_mm"], told["height_mm"]) == pytest.approx(shown, abs=0.001)


@pytest.mark.parametrize("mode", ["RGBA", "RGB", "L", "LA", "P", "1"])
def test_a_letterhead_is_a_factur_x_that_the_probe_finds_nothing_in(mode):
    invoice = school_visit()
    xml = write(invoice)
    look = Look(template="letterhead", logo=logo(300, 200, mode=mode), colour="#ffd400")
    made = draw(invoice, at=AT, xml=xml, look=look)
    assert probe(made) == ()
    assert extract(made).xml == xml
    assert draw(invoice, at=AT, xml=xml, look=look) == made


def test_the_invoice_says_the_same_in_both_templates():
    invoice = school_visit()
    look = Look(template="letterhead", logo=logo(300, 200), colour="#334488")
    assert text_of(draw(invoice, at=AT, look=look)) == text_of(draw(invoice, at=AT))


def test_the_plain_template_uses_neither_logo_nor_colour():
    kept = Look(template="plain", logo=logo(300, 200), colour="#334488")
    assert draw(school_visit(), at=AT, look=kept) == draw(school_visit(), at=AT)
