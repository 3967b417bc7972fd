"""The one parser: what it refuses, and that it says so in a French sentence."""

import pytest

from plainchant.einvoice.syntaxes.recognize import recognize
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


DECLARED = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMED = "<a>\n<b>Atelier Élodie</b>\n</a>"
AS_UTF_8 = "enregistrez-le vraiment en UTF-8."
WRONG = ("UTF-16", "annonce le codage UTF-16")


@pytest.mark.parametrize(
    ("data", "code", "line", "parts"),
    [
        ((DECLARED + NAMED).encode("cp1252"), "XML-CODAGE", 3, ["dit être en UTF-8", "« Atelier Élodie »"]),
        (NAMED.encode("cp1252"), "XML-CODAGE", 2, ["qui ne dit rien d’autre", "« Atelier Élodie »"]),
        ((DECLARED.replace("UTF-8", WRONG[0]) + NAMED).encode(), "XML-CODAGE", 1, [WRONG[1], AS_UTF_8]),
        ((DECLARED.replace("UTF-8", "KLINGON") + NAMED).encode(), "XML-CODAGE", 1, ["« KLINGON »"]),
        (("\n" + DECLARED + NAMED).encode(), "XML-MAL-FORME", 1, ["ligne vide ou un espace précède « <?xml »"]),
        (("\ufeff \n" + DECLARED + NAMED).encode(), "XML-MAL-FORME", 1, ["précède « <?xml »"]),
        (NAMED.replace("Él", "& ").encode(), "XML-MAL-FORME", 2, ["« & » est écrit tel quel", "« &amp; »"]),
        (NAMED.replace("Élodie", "R&D").encode(), "XML-MAL-FORME", 2, ["« Atelier R&D »", "« &amp; »"]),
        (NAMED.replace("Élodie", "&nbsp;").encode(), "XML-MAL-FORME", 2, ["« &nbsp; »", "le caractère lui-même"]),
        (NAMED.replace("Élodie", "< 3").encode(), "XML-MAL-FORME", 2, ["« < » est écrit tel quel", "« &lt; »"]),
        (("\ufeff" + DECLARED + "<a><b></a>").encode(), "XML-MAL-FORME", 2, ["une balise ouverte et une autre fermée"]),
        (b"<a><![CDATA[x & y < z]]><!-- & --></b>", "XML-MAL-FORME", 1, ["une balise ouverte et une autre fermée"]),
    ],
)  # fmt: skip
def test_the_sentence_names_the_cause(data, code, line, parts):
    with pytest.raises(NotWellFormed) as error:
        parse(data)
    assert (error.value.code, error.value.line) == (code, line)
    for part in parts:
        assert part in error.value.message


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-16-le", "utf-16", "utf-32"])
@pytest.mark.parametrize("head", ["", DECLARED.replace("UTF-8", "UTF-16")])
def test_a_wide_encoding_needs_no_mark(encoding, head):
    if encoding == "utf-32" and head:
        head = head.replace("UTF-16", "UTF-32")
    data = (head + NAMED).encode(encoding)
    assert parse(data)[0].text == "Atelier Élodie"
    assert recognize(data).container == "xml"


def test_a_file_that_is_over_the_limit_never_weighs_the_limit():
    with pytest.raises(NotWellFormed, match=r"pèse 1,1\sMo\s; 1\sMo au plus"):
        parse(b"<a>" + b"x" * (1 << 20), limits=Limits(max_bytes=1 << 20))


def test_many_comments_that_never_end_cost_no_more_than_their_bytes():
    with pytest.raises(NotWellFormed):
        parse(b"<a>" + b"<!-- & <![CDATA[ " * 200_000)


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
