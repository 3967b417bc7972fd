"""What only Plainchant tells, over the corpora: no alarm on a valid invoice whose numbers are right."""

from __future__ import annotations

from tests.einvoice.conformance.corpora import Document
from tests.einvoice.conformance.engine import verdict

# Official examples that no official rule looks into: 6 × 18.33 = -109.98, a base quantity that is the price, an
# allowance written as a charge, 2 × 800 = 800, 1 × 1.50 = 177.41.
WRONG_LINES = {
    "en16931/cii/examples/CII_business_example_01.xml",
    "en16931/cii/examples/CII_business_example_Z.xml",
    "en16931/cii/examples/CII_example1.xml",
    "en16931/cii/examples/CII_example2.xml",
    "en16931/cii/examples/CII_example8.xml",
    "en16931/cii/examples/CII_example9.xml",
    "en16931/cii/examples/XRechnung-O.xml",
    "en16931/test/testfiles/ubl-tc434-test-1.xml",
    "en16931/ubl/examples/guide-example1.xml",
    "en16931/ubl/examples/guide-example2.xml",
    "en16931/ubl/examples/guide-example3.xml",
    "en16931/ubl/examples/ubl-tc434-example1.xml",
    "en16931/ubl/examples/ubl-tc434-example10.xml",
    "en16931/ubl/examples/ubl-tc434-example2.xml",
    "en16931/ubl/examples/ubl-tc434-example3.xml",
}


def test_a_line_is_told_only_where_its_amount_is_wrong(corpus: list[Document]) -> None:
    told, computed = set(), 0
    for document in corpus:
        judged = verdict(document.data)
        if judged.reading is None or judged.layer("en16931").status != "valid":
            continue
        computed += len(judged.reading.invoice.lines)
        if {finding.rule for finding in judged.layer("en16931").findings} & {"PLC-LIGNE", "PLC-QUANTITE-DE-BASE"}:
            told.add(document.name)
    assert told == WRONG_LINES
    assert computed > 250
