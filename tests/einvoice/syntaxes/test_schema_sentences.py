"""What libxml2 says of a schema is told in French, whole, and names what it is about."""

import copy
import random
import re

import pytest
from lxml import etree

from plainchant.einvoice.syntaxes import schema
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.ubl.write import write as write_ubl
from tests.einvoice.drawing.bills import school_visit

FORMS = [(schema.CII, write_cii), (schema.UBL_INVOICE, write_ubl)]
ENGLISH = re.compile(r"\b(is|not|the|element|expected|value|type|allowed|content|of|missing)\b")
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


def broken(root: etree._Element, chance: random.Random) -> etree._Element:
    """The same document with one or two things wrong."""
    changed = copy.deepcopy(root)
    for _ in range(2):
        element = chance.choice(list(changed.iter()))
        parent = element.getparent()
        match chance.randrange(9):
            case 0 if parent is not None:
                parent.remove(element)
            case 1:
                element.text = "abc"
            case 2:
                etree.SubElement(element, "{urn:x}Note")
            case 3:
                element.set("inconnu", "1")
            case 4:
                element.text = ""
            case 5:
                element.attrib.clear()
            case 6:
                element.tag = f"{{urn:autre}}{etree.QName(element).localname}"
            case 7 if parent is not None:
                element.addnext(copy.deepcopy(element))
            case 8:
                element.set(NIL, "true")
    return etree.fromstring(etree.tostring(changed))


@pytest.mark.parametrize(("name", "write"), FORMS)
def test_no_sentence_has_a_word_of_english_or_an_empty_value(name, write):
    root, chance = etree.fromstring(write(school_visit())), random.Random(20261128)
    said = {finding.message for _ in range(300) for finding in schema.validate(broken(root, chance), name)}
    assert len(said) > 40
    for message in said:
        words = re.sub(r"«[^»]*»|\{[^}]*\}\w+", "", message)
        assert not ENGLISH.search(words), message
        assert "«\u00a0\u00a0»" not in message
        assert message.endswith(".")


def one(root: etree._Element) -> schema.Finding:
    (finding, *_) = schema.validate(etree.fromstring(etree.tostring(root)), schema.UBL_INVOICE)
    return finding


def ubl() -> etree._Element:
    return etree.fromstring(write_ubl(school_visit()))


def test_what_is_missing_is_named_and_not_what_might_stand_before_it():
    root = ubl()
    total = root.find("{*}LegalMonetaryTotal")
    total.remove(total.find("{*}PayableAmount"))
    assert "le format y attend PayableAmount" in one(root).message


def test_two_elements_of_one_name_are_told_apart_by_their_namespaces():
    root = ubl()
    number = root.find("{*}ID")
    number.tag = "{urn:autre}ID"
    assert "{urn:autre}ID" in one(root).message
    assert "CommonBasicComponents-2}ID" in one(root).message


def test_a_long_value_is_cut_between_two_words():
    root = ubl()
    root.find("{*}IssueDate").text = "le trois novembre " * 30
    finding = one(root)
    assert finding.value.endswith("…")
    assert finding.value.removesuffix("…").split()[-1] in ("le", "trois", "novembre")
    assert len(finding.value) <= 121
