"""A code of an official list has its name in one table of `einvoice/codes` or `einvoice/law`, and no second one."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from plainchant.einvoice.codes.cadres import CADRE_OF
from plainchant.einvoice.codes.identifier_types import IDENTIFIER_TYPE_OF, NUMBERED
from plainchant.einvoice.codes.invoice_types import INVOICE_TYPE_OF
from plainchant.einvoice.codes.payment_means import PAYMENT_MEANS_OF, PAYMENT_MODE_OF
from plainchant.einvoice.codes.statuses import STATUS_CODE_OF
from plainchant.einvoice.codes.units import UNIT_OF
from plainchant.einvoice.law.exemptions import EXEMPTION_OF
from plainchant.einvoice.law.vat_regimes import VAT_REGIME_OF
from tests.house.sources import sources

HOMES = ("einvoice/codes/", "einvoice/law/")
LISTS = {
    "kinds of invoices": set(INVOICE_TYPE_OF),
    "cadres": set(CADRE_OF),
    "types of identifiers": set(IDENTIFIER_TYPE_OF),
    "numbers of types of identifiers": set(NUMBERED),
    "means of payment": set(PAYMENT_MEANS_OF) - set(NUMBERED),
    "modes of payment": set(PAYMENT_MODE_OF),
    "units": set(UNIT_OF),
    "statuses": set(STATUS_CODE_OF),
    "VAT regimes": set(VAT_REGIME_OF),
    "exemptions": set(EXEMPTION_OF),
}


def tables_of_names(nodes: Iterable[ast.AST]) -> list[tuple[int, str]]:
    """Line and list of every literal that gives names to two codes of one list: a dict, or a sequence of pairs."""
    found = []
    for node in nodes:
        if isinstance(node, ast.Dict):
            pairs = list(zip(node.keys, node.values, strict=True))
        elif isinstance(node, ast.Tuple | ast.List):
            pairs = [
                (one.elts[0], one.elts[1]) for one in node.elts if isinstance(one, ast.Tuple) and len(one.elts) > 1
            ]
        else:
            continue
        named = {key.value for key, value in pairs if isinstance(key, ast.Constant) and _is_words(value)}
        found += [(node.lineno, name) for name, codes in LISTS.items() if len(named & codes) > 1]
    return found


def _is_words(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(node.value)


def test_no_list_of_codes_has_its_names_in_a_second_table() -> None:
    others = {
        module.name: tables
        for module in sources()
        if not module.name.startswith(HOMES) and not module.is_migration
        if (tables := tables_of_names(module.all(ast.Dict, ast.Tuple, ast.List)))
    }
    assert others == {}


def test_a_second_table_is_seen_however_it_is_written() -> None:
    for text, tables in {
        'TYPES = [("380", "Facture"), ("381", "Avoir")]': [(1, "kinds of invoices")],
        'kinds = {"380": "Facture", "381": "Avoir"}': [(1, "kinds of invoices")],
        'UNITS = {"HUR": "heure", "DAY": "jour"}': [(1, "units")],
        'row = {"VIREMENT": 1, "AUTRE": 2}': [],
    }.items():
        assert tables_of_names(ast.walk(ast.parse(text))) == tables


def test_kinds_of_invoices_and_cadres_are_compared_by_their_names_in_the_tables() -> None:
    """A rule speaks of codes; everything else says CREDIT_NOTE, `is_paid`, `Invoice.kind`."""
    bare = {"380", "381", "A1", "A2", "A9", "A12"}
    others = {
        module.name: found
        for module in sources()
        if not module.name.startswith((*HOMES, "einvoice/rules/")) and not module.is_migration
        if (
            found := [
                f"{node.lineno}: {node.value}"
                for node in module.all(ast.Constant)
                if isinstance(node.value, str) and node.value in bare
            ]
        )
    }
    assert others == {}
