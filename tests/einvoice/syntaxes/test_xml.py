"""The one parser: what it refuses, and that it says so in a French sentence."""

import pytest

from plainchant.einvoice.syntaxes.xml import Limits, NotWellFormed, parse

BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'


def code(data: bytes, **limits: int) -> str:
    with pytest.raises(NotWellFormed) as error:
        parse(data, limits=Limits(**limits))
    assert error.value.message.endswith((".", ")"))
    return error.value.code


@pytest.mark.parametrize(
    "data",
    [
        BOMB,
        b"\xef\xbb\xbf<?xml version='1.0'?><!-- x --><?y z?>\n<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        ("\ufeff" + BOMB.decode()).encode("utf-16"),
        BOMB.decode().encode("utf-16-le").replace(b"<\0!\0D", b"<\0?\0x\0?\0>\0<\0!\0D", 1),
    ],
)
def test_a_doctype_is_refused_in_any_encoding(data):
    assert code(data) == "XML-DTD"


@pytest.mark.parametrize("data", [b"", b" \n\t"])
def test_an_empty_file_is_told_apart(data):
    assert code(data) == "XML-VIDE"


@pytest.mark.parametrize(
    "data", [b"<a>", b"<a></b>", b"<a>\x01</a>", b"facture", b"<a>&rien;</a>", b"<a b='1' b='2'/>"]
)
def test_broken_xml_is_refused(data):
    assert code(data) == "XML-MAL-FORME"


@pytest.mark.parametrize(
    "data", [b"\x00\x01\x02<a/>", b"\xff\xfe<\x00a\xd8", b"<?xml version='1.0' encoding='klingon'?><a/>"]
)
def test_an_unreadable_encoding_is_refused(data):
    assert code(data) in ("XML-CODAGE", "XML-MAL-FORME")


def test_size_and_number_of_nodes_are_capped():
    assert code(b"<a>" + b"x" * 100 + b"</a>", max_bytes=50) == "XML-TAILLE"
    assert code(b"<a>" + b"<b/>" * 100 + b"</a>", max_nodes=50) == "XML-TROP-LONG"
    assert code(b"<a " + b" ".join(b"x%d='1'" % n for n in range(60)) + b"/>", max_nodes=50) == "XML-TROP-LONG"


def test_depth_is_capped():
    assert code(b"<a>" * 5000 + b"</a>" * 5000) == "XML-MAL-FORME"


def test_a_wide_encoding_is_read():
    root = parse("<?xml version='1.0' encoding='UTF-16'?><a>é</a>".encode("utf-16"))
    assert root.text == "é"


def test_comments_and_instructions_are_left_out():
    root = parse(b"<?xml-stylesheet href='http://example.invalid/x.xsl'?><a>1<!-- 2 -->3<?x y?></a>")
    assert root.text == "13"
