"""A fact of law stands in one table: no other list of VAT rates anywhere in the sources."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from decimal import Decimal

from plainchant.einvoice.law.vat_rates import every_rate
from tests.house.sources import PACKAGE, sources

HOME = PACKAGE / "einvoice" / "law" / "vat_rates.py"
RATES = frozenset(every_rate()) - {Decimal(0)}
TELLING = RATES - {Decimal(text) for text in ("7", "10", "13", "20")}  # figures that are seldom anything else
_NUMBER = re.compile(r"(?<![\d.,])\d+(?:[.,]\d+)?(?![\d.]|,\d)")


def _is_list_of_rates(texts: Iterable[str]) -> bool:
    found = {Decimal(text.replace(",", ".")) for text in texts} & RATES
    return len(found) >= 3 and len(found & TELLING) >= 2


def _numbers(node: ast.expr) -> list[str]:
    """Those that are the elements of a literal collection, `Decimal("20")` being one, or that stand in one text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _NUMBER.findall(node.value)
    inside: list[ast.expr | None] = []
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        inside = [*node.elts]
    elif isinstance(node, ast.Dict):
        inside = [*node.keys, *node.values]
    bare = [one.args[0] if isinstance(one, ast.Call) and one.args else one for one in inside]
    texts = [str(one.value).rstrip(" %\u00a0") for one in bare if isinstance(one, ast.Constant)]
    return [text for text in texts if _NUMBER.fullmatch(text)]


def lists_of_rates(nodes: Iterable[ast.AST]) -> list[int]:
    """The lines of a Python source where three rates of VAT or more stand in one literal, or in one text."""
    return [node.lineno for node in nodes if isinstance(node, ast.expr) and _is_list_of_rates(_numbers(node))]


def test_no_python_source_has_a_list_of_vat_rates_but_the_table() -> None:
    others = {
        module.name: lines
        for module in sources()
        if module.path != HOME
        if (lines := lists_of_rates(module.all(ast.Constant, ast.Tuple, ast.List, ast.Set, ast.Dict)))
    }
    assert others == {}


def test_no_page_script_or_document_has_one_either() -> None:
    rate = re.compile(
        rf"(?<![\d,.])({'|'.join(str(one).replace('.', '[.,]') for one in sorted(TELLING))})(?= ?%|\D?</?option)"
    )
    others = {
        str(path.relative_to(PACKAGE)): found
        for suffix in ("html", "js", "typ", "txt")
        for path in sorted(PACKAGE.rglob(f"*.{suffix}"))
        if len(found := set(rate.findall(path.read_text(encoding="utf-8")))) > 1
    }
    assert others == {}


def test_a_list_is_seen_however_it_is_written() -> None:
    for text in (
        'RATES = ("20", "10", "5.5", "2.1")',
        "RATES = [Decimal(one) for one in (20, 8.5, 1.05)]",
        'RATES = {"20": 1, "5,5": 2, "2,1": 3}',
        'RATES = "0 0.9 1.05 1.75 2.1".split()',
        'HINT = "Un taux : 20, 5,5 %, 2,1 % ou 8,5 %"',
    ):
        assert lists_of_rates(ast.walk(ast.parse(text))), text
    for text in ("SIZES = (20, 10, 8.5)", 'SENTENCE = "Écrivez par exemple 20 ou 5,5."', "WEIGHTS = (0.9, 0.6, 20)"):
        assert not lists_of_rates(ast.walk(ast.parse(text))), text
