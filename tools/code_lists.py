"""Prints the code lists of EN 16931's BR-CL rules, as a Python module, from the two official preprocessed Schematrons.

    python tools/code_lists.py UBL.sch CII.sch > src/plainchant/einvoice/codes/en16931.py

A list that both syntaxes share is printed once; where they differ each has its own, with the difference told.
"""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path

from lxml import etree

SCHEMATRON = "{http://purl.oclc.org/dsdl/schematron}"
NAMES = {
    "BR-CL-01": ("DOCUMENT_TYPES", "UNTDID 1001, type of document (BT-3)"),
    "BR-CL-03": ("AMOUNT_CURRENCIES", "ISO 4217, currency of an amount"),
    "BR-CL-04": ("INVOICE_CURRENCIES", "ISO 4217, currency of the invoice (BT-5)"),
    "BR-CL-05": ("ACCOUNTING_CURRENCIES", "ISO 4217, accounting currency (BT-6)"),
    "BR-CL-06": ("TAX_POINT_CODES", "UNTDID 2005 (UBL) or 2475 (CII), when VAT falls due (BT-8)"),
    "BR-CL-07": ("OBJECT_SCHEMES", "UNTDID 1153, scheme of the invoiced object (BT-18, BT-128)"),
    "BR-CL-08": ("NOTE_SUBJECTS", "UNTDID 4451, subject of a note (BT-21)"),
    "BR-CL-10": ("PARTY_SCHEMES", "ISO 6523 ICD, scheme of a party's identifier (BT-29, BT-46, BT-60)"),
    "BR-CL-11": ("REGISTRATION_SCHEMES", "ISO 6523 ICD, scheme of a legal registration (BT-30, BT-47, BT-61)"),
    "BR-CL-13": ("CLASSIFICATION_SCHEMES", "UNTDID 7143, scheme of an item classification (BT-158)"),
    "BR-CL-14": ("COUNTRIES", "ISO 3166-1, country of an address (BT-40, BT-55…)"),
    "BR-CL-15": ("ORIGIN_COUNTRIES", "ISO 3166-1, country an item comes from (BT-159)"),
    "BR-CL-16": ("PAYMENT_MEANS", "UNTDID 4461, means of payment (BT-81)"),
    "BR-CL-17": ("VAT_CATEGORIES", "UNTDID 5305, VAT category of breakdown and allowances (BT-95, BT-102, BT-118)"),
    "BR-CL-18": ("LINE_VAT_CATEGORIES", "UNTDID 5305, VAT category of a line (BT-151)"),
    "BR-CL-19": ("ALLOWANCE_REASONS", "UNTDID 5189, reason of an allowance (BT-98, BT-140)"),
    "BR-CL-20": ("CHARGE_REASONS", "UNTDID 7161, reason of a charge (BT-105, BT-145)"),
    "BR-CL-21": ("ITEM_SCHEMES", "ISO 6523 ICD, scheme of an item's standard identifier (BT-157)"),
    "BR-CL-22": ("EXEMPTION_REASONS", "VATEX, reason of an exemption (BT-121)"),
    "BR-CL-23": ("UNITS", "UN/ECE Recommendations 20 and 21, unit of measure (BT-130, BT-150)"),
    "BR-CL-24": ("MIME_TYPES", "IANA, type of an attachment (BT-125)"),
    "BR-CL-25": ("ADDRESS_SCHEMES", "EAS, scheme of an electronic address (BT-34, BT-49)"),
    "BR-CO-09": ("VAT_PREFIXES", "ISO 3166-1 and EL, XI: what a VAT number starts with (BT-31, BT-48, BT-63)"),
    "BR-CL-26": ("LOCATION_SCHEMES", "ISO 6523 ICD, scheme of a delivery location (BT-71)"),
}


def lists(path: Path) -> dict[str, list[list[str]]]:
    """Rule → the lists of its test, in order."""
    found: dict[str, list[list[str]]] = {}
    for test in etree.parse(path).iter(f"{SCHEMATRON}assert"):
        rule = test.get("id", "")
        if rule not in NAMES:
            continue
        said = test.get("test", "")
        codes = [part.split() for part in re.findall(r"contains\(\s*'( [^']* )'", said)]
        if rule == "BR-CL-24":
            codes = [re.findall(r"'([^']+)'", said)]
        # A UBL document is an invoice or a credit note: one list each.
        found[rule] = codes
    return found


def main() -> None:
    version = re.search(r"version ([\d.]+)", Path(sys.argv[1]).read_text(encoding="utf-8"))
    ubl, cii = (lists(Path(name)) for name in sys.argv[1:3])
    out = [
        '"""The code lists of EN 16931\'s rules BR-CL, printed by `tools/code_lists.py`; do not edit.',
        "",
        f"Source: EN 16931 artefacts {version[1] if version else '?'}. Where the two syntaxes differ, each has its",
        "own list.",
        '"""',
        "",
    ]
    for rule, (name, title) in NAMES.items():
        sides = [("", part) for part in ubl[rule]]
        if rule == "BR-CL-01":
            sides = [("_UBL_INVOICE", ubl[rule][0]), ("_UBL_CREDIT_NOTE", ubl[rule][1]), ("_CII", cii[rule][0])]
        elif len(ubl[rule]) != 1 or set(ubl[rule][0]) != set(cii[rule][0]):
            sides = [("_UBL", ubl[rule][0]), ("_CII", cii[rule][0])]
        for ending, codes in sides:
            out.append(f"# {rule}: {title}")
            unique = list(dict.fromkeys(codes))
            one_line = " ".join(unique)
            if len(one_line) < 60:
                out.append(f'{name}{ending} = frozenset("{one_line}".split())')
            else:
                out += [f"{name}{ending} = frozenset(", '    """']
                indent = "    "
                out += textwrap.wrap(
                    one_line, 114, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
                )
                out += ['    """.split()', ")"]
    sys.stdout.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
