"""Text documents and mails: what is read of them, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from plainchant.capture.blocks import Paragraph, Table
from plainchant.capture.fields import read_fields
from plainchant.capture.kinds import kind_of
from plainchant.capture.legible.letter import draw_letter
from plainchant.capture.letter import read_letter
from plainchant.capture.mail import UnreadableMail, invoice_of_mail
from plainchant.capture.package import UnreadableSpreadsheet
from plainchant.capture.pdf import read_document
from plainchant.capture.proposal import FieldReading
from tests.capture.letters import EXPECTED, W, as_docx, as_odt, packed
from tests.capture.samples import SAMPLES
from tests.capture.test_pictures import photo

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
PDF = SAMPLES["artist, one column, no VAT"].pdf
WRITERS = {"docx": as_docx, "odt": as_odt}
SENSELESS_ROW = '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="x"/></w:tcPr></w:tc></w:tr>'
NESTED = "<w:tbl><w:tr><w:tc>" * 40 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 40
BOMB = packed({"word/document.xml": " " * (60 << 20)})
LAUGHS = (
    '<!DOCTYPE w [<!ENTITY a "' + "ha" * 1000 + '"><!ENTITY b "' + "&a;" * 1000 + f'">]><w:document xmlns:w="{W}">'
    "<w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
)


def reading_of(data: bytes) -> FieldReading:
    return read_fields(read_document(draw_letter(read_letter(data), title="facture", at=AT)))


def text_of(data: bytes) -> list[str]:
    letter = read_letter(data)
    paragraphs = [block for block in (*letter.head, *letter.body, *letter.foot) if isinstance(block, Paragraph)]
    return [" | ".join(paragraph.cells) for paragraph in paragraphs]


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "empty"),
            (b"%PDF-1.7", "not_a_spreadsheet"),
            (as_docx()[:400], "unreadable"),
            (packed({"xl/workbook.xml": "<a/>"}), "not_a_spreadsheet"),
            (packed({"word/document.xml": "<w:document"}), "unreadable"),
            (packed({"word/document.xml": LAUGHS}), "unreadable"),
            (BOMB, "too_large"),
            (as_docx(extra=NESTED), "too_large"),
            (as_docx(extra=f"<w:p><w:r><w:t>{'x' * 300_000}</w:t></w:r></w:p>"), "too_large"),
            (as_docx(extra=f"<w:tbl>{'<w:tr><w:tc><w:p/></w:tc></w:tr>' * 11_000}</w:tbl>"), "too_large"),
            (as_docx(extra=f"<w:tbl>{SENSELESS_ROW}</w:tbl>"), "unreadable"),
        ],
    )
    def test_what_is_no_letter_or_too_much_of_one_says_so(self, data: bytes, code: str) -> None:
        with pytest.raises(UnreadableSpreadsheet) as refusal:
            read_letter(data)
        assert refusal.value.code == code

    def test_a_locked_one_says_so(self) -> None:
        manifest = '<m:manifest xmlns:m="urn:x"><m:encryption-data/></m:manifest>'
        locked = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}
        with pytest.raises(UnreadableSpreadsheet, match="password"):
            read_letter(packed(locked | {"META-INF/manifest.xml": manifest}))


@pytest.mark.parametrize("kind", WRITERS)
class TestReading:
    def test_an_invoice_of_a_word_processor_is_read_on_its_drawing(self, kind: str) -> None:
        data = WRITERS[kind]()
        assert kind_of(data).code == kind
        reading = reading_of(data)
        assert {name: reading.fields[name].value for name in EXPECTED if name in reading.fields} == EXPECTED
        assert [(line.label, line.amount) for line in reading.lines] == [("Fresque", 500), ("Pose", 100)]
        assert {read.place.page for read in reading.fields.values() if read.place} == {1}

    def test_the_header_of_two_pages_is_shown_once(self, kind: str) -> None:
        assert text_of(WRITERS[kind]()).count("SIRET 902 100 015 00012") == 1

    def test_letters_that_no_font_has_are_squares(self, kind: str) -> None:
        drawn = draw_letter(read_letter(WRITERS[kind](body=["Facture n° F-1 𓀀"])), title="x", at=AT)
        assert any("□" in word.text for word in read_document(drawn).pages[0].words)

    def test_it_draws_the_same_twice(self, kind: str) -> None:
        letter = read_letter(WRITERS[kind]())
        assert draw_letter(letter, title="x", at=AT) == draw_letter(letter, title="x", at=AT)


class TestWhatIsSeen:
    def test_of_a_docx(self) -> None:
        box = "<w:txbxContent><w:p><w:r><w:t>dans un cadre</w:t></w:r></w:p></w:txbxContent>"
        extra = (
            "<w:p><w:ins><w:r><w:t>ajouté</w:t></w:r></w:ins>"
            "<w:del><w:r><w:delText>retiré</w:delText></w:r></w:del></w:p>"
            "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>caché</w:t></w:r></w:p>"
            f'<w:p><w:r><mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice>{box}</mc:Choice>'
            f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
            "<w:sdt><w:sdtContent><w:p><w:r><w:t>choisi</w:t><w:br/><w:t>dessous</w:t></w:r></w:p></w:sdtContent></w:sdt>"
            '<w:p><w:pPr><w:jc w:val="right"/></w:pPr><w:r><w:fldChar/><w:instrText>PAGE</w:instrText></w:r></w:p>'
        )
        seen = text_of(as_docx([], [], extra=extra))
        assert [text for text in seen if text] == ["ajouté", "dans un cadre", "choisi\ndessous"]
        assert read_letter(as_docx([], [], extra=extra)).body[-1] == Paragraph(("",), "right")

    def test_of_an_odt(self) -> None:
        extra = (
            "<text:tracked-changes><text:p>retiré</text:p></text:tracked-changes>"
            '<text:p>un<text:s text:c="2"/>deux<text:line-break/>trois'
            "<text:note><text:p>note</text:p></text:note></text:p>"
            "<text:list><text:list-item><text:p>un point</text:p></text:list-item></text:list>"
            "<text:p><draw:frame><draw:text-box><text:p>dans un cadre</text:p></draw:text-box></draw:frame></text:p>"
        )
        seen = text_of(as_odt([], [], extra=extra))
        assert [text for text in seen if text] == ["un  deux\ntrois", "un point", "dans un cadre"]

    def test_cells_over_several_columns_and_short_rows_keep_their_places(self) -> None:
        row = '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>large</w:t></w:r></w:p></w:tc></w:tr>'
        extra = f"<w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr>{row}</w:tbl>"
        letter = read_letter(as_docx([], [], extra=extra))
        (table,) = letter.body
        assert isinstance(table, Table)
        assert [[cell.columns for cell in cells] for cells in table.rows] == [[1, 1, 1], [2]]
        assert read_document(draw_letter(letter, title="x", at=AT)).has_text


def a_mail(*files: tuple[str, bytes], inline: bytes | None = None) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "artiste@exemple.fr", "mairie@exemple.fr", "Ma facture"
    mail["Message-ID"] = "<1@exemple.fr>"
    mail.set_content("Bonjour, voici ma facture.")
    if inline is not None:
        mail.add_attachment(inline, maintype="image", subtype="jpeg", disposition="inline", filename="logo.jpg")
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


MANY_PARTS = b"From: a\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\na\n" * 300


class TestMails:
    @pytest.mark.parametrize(
        ("mail", "code"),
        [
            (a_mail(), "no_invoice"),
            (a_mail(("note.txt", b"Bonjour")), "no_invoice"),
            (a_mail(inline=photo()), "no_invoice"),
            (a_mail(("a.pdf", PDF), ("b.pdf", SAMPLES["credit note"].pdf)), "several"),
            (MANY_PARTS, "unreadable"),
        ],
        ids=["nothing", "a text", "a logo in the text", "two invoices", "300 parts"],
    )
    def test_a_mail_without_one_invoice_says_so(self, mail: bytes, code: str) -> None:
        with pytest.raises(UnreadableMail) as refusal:
            invoice_of_mail(mail)
        assert refusal.value.code == code

    @pytest.mark.parametrize(
        ("mail", "name", "kind"),
        [
            (a_mail(("Facture mai.PDF", PDF), inline=photo()), "Facture mai.PDF", "pdf"),
            (a_mail(("document", PDF)), "document.pdf", "pdf"),
            (a_mail(("../../etc/facture.pdf", PDF)), "facture.pdf", "pdf"),
            (a_mail(("facture.docx", as_docx()), ("photo.jpg", photo())), "facture.docx", "docx"),
            (a_mail(("photo.jpg", photo())), "photo.jpg", "jpeg"),
            (a_mail(("a.pdf", PDF), ("encore.pdf", PDF)), "a.pdf", "pdf"),
        ],
    )
    def test_the_invoice_that_is_joined_is_taken_out(self, mail: bytes, name: str, kind: str) -> None:
        assert kind_of(mail).code == "mail"
        joined = invoice_of_mail(mail)
        assert (joined.name, joined.kind.code) == (name, kind)

    def test_a_text_that_begins_like_a_mail_is_none(self) -> None:
        assert kind_of(b"Facture: F-1\nDate: 12/03/2026\nTotal: 12,00\n").code == "text"
