"""The one pass over a file: what it says of a file does not depend on the files that were read before."""

from itertools import permutations

import pytest

from plainchant.einvoice.model import Invoice
from plainchant.einvoice.syntaxes.binding import TermGroup, text
from plainchant.einvoice.syntaxes.grammar import Grammar
from plainchant.einvoice.syntaxes.reading import CodeRestriction, Scope
from plainchant.einvoice.syntaxes.xml import parse

CODES = Scope("codes", "a:Code", codes=(CodeRestriction("RULE", frozenset("x")),), not_below=("a:Free",))


def fresh() -> Grammar:
    return Grammar(
        namespaces={"a": "urn:a"},
        root="a:Root",
        binding=TermGroup("", Invoice, {"a:ID": text("number"), "a:Lead": {"a:Kind": text("type_code")}}),
        scopes=(CODES,),
        implied=("a:Version", "a:Lead/a:Sign"),
    )


# A file's elements below the root, then what of it is left and which rules fail.
FILES = {
    "an implied element": ("<a:Version>2.1</a:Version>", [], []),
    "an implied one where it is not": ("<a:Sign>x</a:Sign>", ["Sign"], []),
    "an implied one in its place": ("<a:Lead><a:Sign>x</a:Sign></a:Lead>", [], []),
    "an unknown one": ("<a:Lead><a:Foo>secret</a:Foo></a:Lead>", ["Foo"], []),
    "an unknown one of another namespace": ("<z:Foo xmlns:z='urn:z'>secret</z:Foo>", ["Foo"], []),
    "a wrong code": ("<a:Other><a:Code>y</a:Code></a:Other>", ["Other"], ["RULE"]),
    "a code that may be any": ("<a:Free><a:Code>y</a:Code></a:Free>", ["Free"], []),
}


@pytest.mark.parametrize(("before", "file"), list(permutations(FILES, 2)))
def test_what_is_said_of_a_file_does_not_depend_on_the_one_before(before, file):
    grammar = fresh()
    for name in (before, file):
        content, left, rules = FILES[name]
        reading = grammar.read(parse(f"<a:Root xmlns:a='urn:a'>{content}</a:Root>".encode()))
        assert [element.tag.rpartition("}")[2] for element in reading.left] == left
        assert [rule for rule, _ in reading.failures] == rules
