"""What is read is written, and read again the same: over the official samples, and from one syntax to the other."""

from dataclasses import replace

import pytest

from plainchant.einvoice.formats import schema
from plainchant.einvoice.formats.cii.read import read as read_cii
from plainchant.einvoice.formats.cii.write import write as write_cii
from plainchant.einvoice.formats.ubl.read import read as read_ubl
from plainchant.einvoice.formats.ubl.write import write as write_ubl
from plainchant.einvoice.formats.xml import parse
from plainchant.einvoice.profiles import PROFILES


def test_every_official_ubl_is_written_as_it_was_read(shared):
    seen = 0
    for path in sorted((shared / "corpora/en16931").rglob("*.[xX][mM][lL]")):
        if "unit" in str(path) or "cii" in str(path).lower() or "genericode" in str(path):
            continue
        root = parse(path.read_bytes())
        if not str(root.tag).endswith(("}Invoice", "}CreditNote")):
            continue
        seen += 1
        kind = "creditnote" if root.tag.endswith("}CreditNote") else "invoice"
        invoice = read_ubl(root).invoice
        again = parse(write_ubl(invoice, root=kind))
        assert read_ubl(again).invoice == invoice, path.name
        name = schema.UBL_CREDIT_NOTE if kind == "creditnote" else schema.UBL_INVOICE
        assert schema.validate(again, name) == [], path.name
    assert seen > 40


def test_every_official_cii_is_written_as_it_was_read_and_carried_into_ubl(shared):
    paths = [*(shared / "corpora/en16931/cii/examples").glob("*.xml"), *(shared / "corpora/aife").rglob("*.xml")]
    seen = 0
    for path in sorted(paths):
        root = parse(path.read_bytes())
        if not str(root.tag).endswith("}CrossIndustryInvoice"):
            continue
        seen += 1
        invoice = read_cii(root).invoice
        again = parse(write_cii(invoice))
        assert read_cii(again).invoice == invoice, path.name
        assert schema.validate(again, schema.CII) == [], path.name
        crossed = read_ubl(parse(write_ubl(invoice, root="invoice"))).invoice
        assert crossed.totals == invoice.totals
        assert crossed.vat_breakdown == invoice.vat_breakdown
        assert [line.net_amount for line in crossed.lines] == [line.net_amount for line in invoice.lines]
    assert seen > 70


@pytest.mark.parametrize(
    "profile", [profile for profile in PROFILES if profile.schema], ids=lambda profile: profile.name
)
def test_each_profile_is_held_by_its_own_schema(shared, profile):
    for path in sorted((shared / "corpora/en16931/cii/examples").glob("*.xml")):
        invoice = replace(read_cii(parse(path.read_bytes())).invoice, supporting_documents=())
        assert schema.validate(parse(write_cii(invoice, profile=profile)), profile.schema) == [], path.name
