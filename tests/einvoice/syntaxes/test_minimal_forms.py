"""Chorus Pro's reduced forms (E2): header data and a PDF, in UBL, in CII and in Chorus Pro's own XML."""

import base64
import io
import struct
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plainchant.cli import main
from plainchant.einvoice.chorus import ChorusData, placements
from plainchant.einvoice.model import (
    Address,
    Contact,
    CreditTransfer,
    Identifier,
    Invoice,
    Item,
    Line,
    Note,
    Party,
    PaymentMeans,
    Period,
    PrecedingInvoice,
    Price,
    SupportingDocument,
    TaxTotal,
    Totals,
    VatBreakdown,
    VatCategory,
)
from plainchant.einvoice.syntaxes import schema
from plainchant.einvoice.syntaxes.attached import BadAttachment, opened, packed
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.cii_minimal.read import read as read_cii
from plainchant.einvoice.syntaxes.cii_minimal.write import write as write_cii_minimal
from plainchant.einvoice.syntaxes.mixed.form_table import RULES
from plainchant.einvoice.syntaxes.mixed.read import read as read_mixed
from plainchant.einvoice.syntaxes.mixed.read import read_all
from plainchant.einvoice.syntaxes.mixed.write import write_all
from plainchant.einvoice.syntaxes.reading import Reading
from plainchant.einvoice.syntaxes.recognize import recognize
from plainchant.einvoice.syntaxes.reduced import READABLE
from plainchant.einvoice.syntaxes.ubl_minimal.read import read as read_ubl
from plainchant.einvoice.syntaxes.ubl_minimal.write import write as write_ubl_minimal
from plainchant.einvoice.syntaxes.writing import FormError
from plainchant.einvoice.syntaxes.xml import parse
from plainchant.einvoice.verdict import LAYERS, Verdict, as_object, check

AT = date(2026, 11, 24)
INSTANT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
PDF = b"%PDF-1.7 the invoice"
ZIP_OF_PDF = packed("facture.pdf", PDF)
DOCUMENT = SupportingDocument(
    reference="facture.pdf", description=READABLE, type_code="916", content=ZIP_OF_PDF, mime_code="application/pdf"
)
MIXED = f"""<CPPFactureMixte><Enveloppe><EnveloppeUnitaire NumOrdre="1"><Parametres>
<ParametreIndiv NumOrdre="0001"><Code>DtPrd</Code><Valeurparametre>2026-11-02</Valeurparametre></ParametreIndiv>
<ParametreIndiv NumOrdre="0002"><Code>IdFlx</Code><Valeurparametre>42</Valeurparametre></ParametreIndiv></Parametres>
<Partenaires><Recepteur><Id>CPP001</Id></Recepteur><Emetteur><Id>ABC001</Id></Emetteur></Partenaires>
</EnveloppeUnitaire></Enveloppe><CPPFactures Compteur="1"><CPPFactureMixteUnitaire NumOrdre="1">
<Fournisseur><TypeIdentifiant>1</TypeIdentifiant><Identifiant>12345678200010</Identifiant>
<RaisonSociale>Anne Auteur</RaisonSociale><CodePays>FR</CodePays></Fournisseur>
<Debiteur><TypeIdentifiant>1</TypeIdentifiant><Identifiant>12345678200036</Identifiant><Nom>Commune</Nom>
<CodeService>LECTURE</CodeService><NomService>Livres</NomService></Debiteur>
<DonneesFacture><Id>F-1</Id><Type>380</Type><Cadre>A1</Cadre><DateEmissionFacture>2026-11-02</DateEmissionFacture>
<ModePaiement><Code>30</Code></ModePaiement><Devise>EUR</Devise><Montants><MontantHT>100.00</MontantHT>
<MontantTTC>105.50</MontantTTC><MontantNetAPayer>105.50</MontantNetAPayer></Montants>
<TVAS><TVA><Taux>5.5</Taux><BaseHt>100.00</BaseHt><MontantTVA>5.50</MontantTVA></TVA></TVAS>
<Engagement><NumeroMarche>M-7</NumeroMarche><NumeroEngagement>E-9</NumeroEngagement></Engagement></DonneesFacture>
<PJ NumOrdre="1"><Contenu>{ZIP_OF_PDF}</Contenu><NomPJ>facture.pdf</NomPJ><TypePJ>01</TypePJ>
<MimeTypePJ>application/pdf</MimeTypePJ></PJ></CPPFactureMixteUnitaire></CPPFactures></CPPFactureMixte>"""
UNIT = MIXED[MIXED.index("<CPPFactureMixteUnitaire") : MIXED.index("</CPPFactures>")]
ALL_OF_MIXED = Invoice(
    number="F-1",
    issue_date=date(2026, 11, 2),
    type_code="380",
    business_process="A1",
    currency="EUR",
    buyer_reference="LECTURE",
    contract_reference="M-7",
    purchase_order_reference="E-9",
    seller=Party(
        name="Anne Auteur", legal_registration=Identifier("12345678200010", "1"), address=Address(country="FR")
    ),
    buyer=Party(
        name="Commune", legal_registration=Identifier("12345678200036", "1"), contact=Contact(department="Livres")
    ),
    payment_means=(PaymentMeans(code="30"),),
    totals=Totals(
        tax_exclusive_amount=Decimal("100.00"),
        tax_inclusive_amount=Decimal("105.50"),
        payable_amount=Decimal("105.50"),
    ),
    vat_breakdown=(
        VatBreakdown(
            taxable_amount=Decimal("100.00"), tax_amount=Decimal("5.50"), category=VatCategory(rate=Decimal("5.5"))
        ),
    ),
    supporting_documents=(DOCUMENT,),
)
ALL_OF_UBL = replace(
    ALL_OF_MIXED,
    due_date=date(2026, 12, 2),
    notes=(Note(text="Merci"),),
    period=Period(start=date(2026, 10, 1), end=date(2026, 10, 31)),
    preceding_invoices=(PrecedingInvoice(number="F-0", issue_date=date(2026, 10, 1)),),
    contract_type="Marche public",
    seller=Party(
        name="Anne Auteur",
        identifiers=(Identifier("FR12123456782", "2"),),
        vat_identifier="FR12123456782",
        address=Address(line_1="1 rue Haute", city="Lyon", postcode="69001", country="FR"),
    ),
    buyer=Party(name="Commune", identifiers=(Identifier("12345678200036", "1"),), contact=Contact(department="Livres")),
    payment_means=(
        PaymentMeans(
            code="30",
            credit_transfer=CreditTransfer(account="FR7630006000011234567890189", service_provider="AGRIFRPP"),
        ),
    ),
    tax_totals=(TaxTotal(amount=Decimal("5.50"), currency="EUR"),),
    supporting_documents=(DOCUMENT, replace(DOCUMENT, reference="annexe.pdf", description=None)),
)
ALL_OF_CII = replace(
    ALL_OF_UBL,
    seller_service_code="S-1",
    contract_type="BC",
    preceding_invoices=(PrecedingInvoice(number="F-0"),),
    seller=replace(ALL_OF_MIXED.seller, vat_identifier="FR12123456782", contact=Contact(name="Anne")),
    buyer=replace(ALL_OF_MIXED.buyer, trading_name="Mairie"),
    validator=Party(name="Ville", legal_registration=Identifier("12345678200044", "1")),
    supporting_documents=(
        SupportingDocument(reference="facture.pdf", description="ZZZ", content=ZIP_OF_PDF, mime_code="application/pdf"),
    ),
    vat_breakdown=(
        replace(
            ALL_OF_MIXED.vat_breakdown[0],
            category=VatCategory(code="S", rate=Decimal("5.5"), exemption_reason="aucune"),
        ),
    ),
    lines=(
        Line(
            identifier="1",
            note="lue",
            quantity=Decimal(1),
            net_amount=Decimal("100.00"),
            item=Item(name="Lecture"),
            price=Price(net=Decimal("100.00")),
            vat=VatCategory(code="S", rate=Decimal("5.5")),
        ),
    ),
)


def found_in(reading: Reading) -> ChorusData:
    return placements(reading.invoice, reading.facts)


def data_of(invoice: Invoice):
    return placements(invoice)


def mixed(*invoices: Invoice, readable: bytes | None = None) -> bytes:
    return write_all([(one, data_of(one)) for one in invoices], at=INSTANT, readable=readable)


def ubl(invoice: Invoice, readable: bytes | None = None) -> bytes:
    return write_ubl_minimal(invoice, readable=readable)


def cii(invoice: Invoice, readable: bytes | None = None) -> bytes:
    return write_cii_minimal(invoice, readable=readable)


def verdict(text: str) -> Verdict:
    return check(text.encode(), at=AT)


def rules(found: Verdict, layer: str = "schema") -> list[str]:
    return [finding.rule for finding in found.layer(layer).findings]


# What cannot be written is refused with a sentence.


@pytest.mark.parametrize("form", [mixed, ubl, cii])
@pytest.mark.parametrize(
    ("field", "value", "missing"),
    [
        ("number", None, "numéro"),
        ("issue_date", None, "date"),
        ("seller", None, "fournisseur"),
        ("buyer", None, "destinataire"),
        ("supporting_documents", (), "document"),
    ],
)
def test_an_invoice_that_lacks_what_the_form_needs_is_refused(form, field, value, missing):
    with pytest.raises(FormError, match=missing):
        form(replace(ALL_OF_MIXED, **{field: value}))


@pytest.mark.parametrize("form", [mixed, ubl, cii])
def test_an_attachment_that_is_no_base64_is_refused(form):
    broken = replace(DOCUMENT, content="é!")
    with pytest.raises(FormError, match=r"facture\.pdf"):
        form(replace(ALL_OF_MIXED, supporting_documents=(broken,)))


@pytest.mark.parametrize(
    ("field", "value"),
    [("type_code", "751"), ("number", "F" * 21), ("business_process", "A11"), ("totals", Totals())],
)
def test_mixed_takes_what_chorus_pro_takes(field, value):
    with pytest.raises(FormError):
        mixed(replace(ALL_OF_MIXED, **{field: value}))


# Round trips.


def test_mixed_is_read_as_it_is_written():
    assert read_mixed(parse(MIXED.encode())).invoice == ALL_OF_MIXED
    assert read_mixed(parse(mixed(ALL_OF_MIXED))).invoice == ALL_OF_MIXED


def test_ubl_minimal_is_read_as_it_is_written():
    assert read_ubl(parse(ubl(ALL_OF_UBL))).invoice == ALL_OF_UBL


def test_cii_minimal_is_read_as_it_is_written():
    assert read_cii(parse(cii(ALL_OF_CII))).invoice == ALL_OF_CII


@pytest.mark.parametrize("kind", ["1", "2", "3", "4", "5", "6", "7"])
def test_every_type_of_identifier_survives_every_form(kind):
    invoice = replace(ALL_OF_MIXED, seller=Party(name="X", legal_registration=Identifier("98765432100017", kind)))
    for data, read in ((mixed(invoice), read_mixed), (ubl(invoice), read_ubl), (cii(invoice), read_cii)):
        found = found_in(read(parse(data)))
        assert found.seller is not None
        assert (found.seller.value, found.seller_type) == ("98765432100017", kind)


def test_an_envelope_holds_several_invoices():
    second = replace(ALL_OF_MIXED, number="F-2", buyer_reference="AUTRE")
    data = mixed(ALL_OF_MIXED, second)
    assert [one.invoice for one in read_all(parse(data))] == [ALL_OF_MIXED, second]
    found = check(data, at=AT)
    assert found.accepted
    assert found.reading is None
    assert [part.accepted for part in found.parts] == [True, True]
    assert as_object(found)["invoices"] == [
        {"number": "F-1", "verdict": "accepted"},
        {"number": "F-2", "verdict": "accepted"},
    ]


def test_one_bad_invoice_of_an_envelope_is_told_apart():
    found = verdict(
        MIXED.replace(UNIT, UNIT + UNIT.replace("F-1", "F-2").replace("105.50</MontantTTC>", "</MontantTTC>"))
    )
    assert not found.accepted
    assert [part.accepted for part in found.parts] == [True, False]
    messages = [finding.message for finding in found.layer("chorus").findings]
    assert messages
    assert all(message.startswith("Facture 2 — ") for message in messages)
    path = found.layer("chorus").findings[0].path
    assert path.startswith("/CPPFactureMixte/CPPFactures/CPPFactureMixteUnitaire[2]/DonneesFacture/Montants")


def test_the_readable_invoice_comes_first_and_is_what_says_so():
    plain = replace(ALL_OF_MIXED, supporting_documents=())
    assert read_mixed(parse(mixed(plain, readable=PDF))).invoice.supporting_documents[0].description == READABLE
    annex = replace(DOCUMENT, description=None)
    found = read_mixed(parse(mixed(replace(plain, supporting_documents=(annex,)), readable=PDF))).invoice
    assert [one.description for one in found.supporting_documents] == [READABLE, None]
    assert [opened(one.content or "")[1] for one in found.supporting_documents] == [PDF, PDF]
    # One that says it is the invoice needs no other.
    assert len(read_mixed(parse(mixed(ALL_OF_MIXED, readable=b"other"))).invoice.supporting_documents) == 1


def test_a_plain_attachment_is_zipped_under_its_own_name():
    document = replace(DOCUMENT, content=base64.b64encode(PDF).decode(), reference="dossier/ma facture.pdf")
    found = read_mixed(parse(mixed(replace(ALL_OF_MIXED, supporting_documents=(document,))))).invoice
    assert found.supporting_documents[0].reference == "ma facture.pdf"
    assert opened(found.supporting_documents[0].content or "") == ("ma facture.pdf", PDF)


# Recognition.


def test_each_form_is_recognised_by_what_it_holds():
    for data, name, interface in (
        (mixed(ALL_OF_MIXED), "CPPFactureMixte", "FSO1113A"),
        (ubl(ALL_OF_UBL), "UBL minimal", "FSO1110A"),
        (cii(ALL_OF_MIXED), "CII minimal", "FSO1116A"),
        (cii(ALL_OF_CII), "CII", "FSO1106A"),  # with lines it is no different from a structured one
    ):
        kind = recognize(data, parse(data))
        assert kind.syntax is not None
        assert (kind.name, kind.syntax.interface, kind.syntax.is_reduced) == (name, interface, name != "CII")


def test_a_ubl_that_names_its_specification_is_the_whole_form():
    root = b"<cbc:UBLVersionID>2.1</cbc:UBLVersionID>"
    data = ubl(ALL_OF_UBL).replace(root, root + b"<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>")
    assert recognize(data, parse(data)).name == "UBL Invoice"


def test_a_whole_ubl_tells_the_type_of_an_identifier_too():
    from plainchant.einvoice.syntaxes.ubl.read import read

    found = found_in(read(parse(ubl(ALL_OF_UBL))))
    assert found.seller_type == "2"


@pytest.mark.parametrize(
    ("data", "kind"),
    [(ubl(ALL_OF_UBL), schema.UBL_INVOICE), (cii(ALL_OF_CII), schema.CII), (cii(ALL_OF_MIXED), schema.CII)],
)
def test_what_is_written_follows_its_schema(data, kind):
    assert schema.validate(parse(data), kind) == []


@pytest.mark.parametrize("data", [mixed(ALL_OF_MIXED), ubl(ALL_OF_UBL), cii(ALL_OF_MIXED)])
def test_what_is_written_is_accepted_and_the_rules_of_whole_invoices_are_left(data):
    found = check(data, at=AT)
    assert found.accepted, [finding.message for layer in found.layers for finding in layer.findings]
    assert [layer.status for layer in found.layers] == ["valid"] * 3 + ["skipped"] * 3
    assert all(layer.why for layer in found.layers[3:])


def test_ubl_minimal_may_leave_the_means_of_payment_out():
    found = check(ubl(replace(ALL_OF_UBL, payment_means=(), due_date=None)), at=AT)
    assert found.accepted
    assert "CPRO-PAIEMENT" in rules(check(write_cii(replace(ALL_OF_CII, payment_means=())), at=AT), "chorus")


# The form of a CPPFactureMixte: each of its rules has a smallest file that breaks it.


def with_pj(content: str, name: str = "facture.pdf") -> str:
    return MIXED.replace(ZIP_OF_PDF, content).replace("<NomPJ>facture.pdf", f"<NomPJ>{name}")


def zip_of(*names: str) -> str:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, PDF)
    return base64.b64encode(out.getvalue()).decode()


BREAKS = {
    "MIX-ABSENT": MIXED.replace("<CodePays>FR</CodePays>", ""),
    "MIX-REPETE": MIXED.replace("<Cadre>A1</Cadre>", "<Cadre>A1</Cadre><Cadre>A2</Cadre>"),
    "MIX-INCONNU": MIXED.replace("<Devise>", "<Remise>1</Remise><Devise>"),
    "MIX-ORDRE": MIXED.replace("<Id>F-1</Id><Type>380</Type>", "<Type>380</Type><Id>F-1</Id>"),
    "MIX-LONGUEUR": MIXED.replace("<Id>CPP001</Id>", "<Id>CHORUSPRO</Id>"),
    "MIX-VALEUR": MIXED.replace("<TypePJ>01", "<TypePJ>03"),
    "MIX-NOMBRE": MIXED.replace("<Taux>5.5", "<Taux>5,5"),
    "MIX-DATE": MIXED.replace("2026-11-02</DateE", "2026-02-31</DateE"),
    "MIX-COMPTEUR": MIXED.replace('Compteur="1"', 'Compteur="2"'),
    "MIX-TROP": MIXED.replace(UNIT, "<CPPFactureMixteUnitaire/>" * 501),
    "MIX-DOUBLON": MIXED.replace(UNIT, UNIT * 2),
    "MIX-PJ-FACTURE": MIXED.replace("<TypePJ>01", "<TypePJ>02"),
    "MIX-PJ-CODAGE": with_pj("%%%"),
    "MIX-PJ-ZIP": with_pj(zip_of("a.pdf", "b.pdf")),
    "MIX-PJ-NOM": with_pj(packed("autre.pdf", PDF)),
    "MIX-PJ-TAILLE": with_pj(packed("facture.pdf", bytes(10 * 1024 * 1024 + 1))),
}


def test_the_smallest_files_are_those_of_all_the_rules():
    assert set(BREAKS) == set(RULES)


def test_the_file_they_start_from_breaks_none():
    found = verdict(MIXED)
    assert found.accepted
    assert rules(found) == []


@pytest.mark.parametrize("rule", BREAKS)
def test_each_rule_of_the_form_can_be_broken(rule):
    found = verdict(BREAKS[rule])
    findings = [finding for finding in found.layer("schema").findings if finding.rule == rule]
    assert findings
    assert findings[0].path.startswith("/CPPFactureMixte")
    assert "{" not in findings[0].message
    if RULES[rule].severity == "fatal":
        assert not found.accepted


def test_an_empty_envelope_has_no_invoice():
    found = verdict("<CPPFactureMixte/>")
    assert not found.accepted
    assert rules(found) == ["MIX-ABSENT", "MIX-ABSENT"]
    assert read_mixed(parse(b"<CPPFactureMixte/>")).invoice.number is None


def test_the_layers_one_does_not_want_are_left_out():
    found = check(MIXED.encode(), at=AT, layers=("chorus",))
    assert [layer.status for layer in found.layers] == ["skipped", "skipped", "valid", "skipped", "skipped", "skipped"]


# Attachments that would hurt.


def directory_of(count: int) -> bytes:
    """A ZIP whose directory has ``count`` rows, though its end says one."""
    name = b"a.pdf"
    row = b"PK\x01\x02" + struct.pack("<6H3I5H2I", 20, 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, 1, 1, len(row) * count, 0, 0)
    return row * count + end


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK",
        b"PK\x05\x06" + bytes(18),
        b"PK\x03\x04" + bytes(200),
        directory_of(1),
        directory_of(100_000),
        directory_of(1) + b"PK\x05\x06",
        base64.b64decode(zip_of("a.pdf", "b.pdf")),
        base64.b64decode(zip_of("folder/")),
        base64.b64decode(ZIP_OF_PDF)[:-30],
        base64.b64decode(ZIP_OF_PDF).replace(b"PK\x01\x02", b"PK\x01\x03"),
        PDF,
    ],
)
def test_what_is_no_zip_of_one_file_is_told_so(data):
    with pytest.raises(BadAttachment) as bad:
        opened(base64.b64encode(data).decode())
    assert bad.value.trouble == "zip"


def test_a_bomb_is_not_opened():
    with pytest.raises(BadAttachment) as bad:
        opened(packed("bomb.pdf", bytes(11 * 1024 * 1024)))
    assert bad.value.trouble == "size"
    with pytest.raises(BadAttachment) as bad:
        opened("A" * (16 * 1024 * 1024))
    assert bad.value.trouble == "size"


def test_a_size_that_lies_is_told():
    data = bytearray(base64.b64decode(packed("bomb.pdf", bytes(1024 * 1024))))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(mark) + offset
        data[at : at + 4] = struct.pack("<I", 10)
    with pytest.raises(BadAttachment) as bad:
        opened(base64.b64encode(bytes(data)).decode())
    assert bad.value.trouble == "zip"


def test_many_bombs_in_one_envelope_are_opened_up_to_a_sum():
    bomb = packed("facture.pdf", bytes(10 * 1024 * 1024))
    attached = UNIT[UNIT.index("<PJ") : UNIT.index("</CPPFactureMixteUnitaire>")].replace(ZIP_OF_PDF, bomb)
    found = verdict(MIXED.replace("</CPPFactureMixteUnitaire>", attached * 40 + "</CPPFactureMixteUnitaire>"))
    assert rules(found).count("MIX-PJ-TAILLE") == 40 - 25


def test_what_is_there_without_end_is_read_up_to_a_number():
    found = verdict(MIXED.replace("<PJ ", "<PJ/>" * 2_000 + "<PJ ").replace("<TVA>", "<TVA/>" * 2_000 + "<TVA>"))
    assert found.reading is not None
    invoice = found.reading.invoice
    assert len(invoice.supporting_documents) == len(invoice.vat_breakdown) == 1_000
    assert not found.accepted
    assert len(found.layer("schema").findings) == 50


ODD = (b"", b"1e400", b"NaN", b"-", b"9" * 60, b"<a/>", b"&amp;", "é".encode(), b"20260231", b" ", b"\n")
BYTES = MIXED.encode()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(BYTES) - 1), st.integers(0, 60), st.one_of(st.sampled_from(ODD), st.binary(max_size=20)))
def test_no_broken_mixed_file_is_without_an_answer(at, length, put):
    found = check(BYTES[:at] + put + BYTES[at + length :], at=AT)
    assert tuple(layer.name for layer in found.layers) == LAYERS


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_broken_minimal_file_is_without_an_answer(data):
    whole = data.draw(st.sampled_from([ubl(ALL_OF_UBL), cii(ALL_OF_MIXED)]))
    at, length = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 60))
    found = check(whole[:at] + data.draw(st.sampled_from(ODD)) + whole[at + length :], at=AT)
    assert tuple(layer.name for layer in found.layers) == LAYERS


# The official samples.


def test_the_official_mixed_sample_is_accepted_and_written_as_it_was_read(shared):
    data = (shared / "corpora/pivot/samples/Facture-IN_DP_E2_CPP_FACTURE_MIN.xml").read_bytes()
    found = check(data, at=AT)
    assert found.accepted
    assert rules(found) == []
    assert found.reading is not None
    invoice = found.reading.invoice
    assert read_mixed(parse(mixed(invoice))).invoice == invoice


def test_the_template_of_ubl_minimal_is_accepted_and_written_as_it_was_read(shared):
    text = (shared / "corpora/aife/ubl-min-template/IN_DP_E2_UBL_INVOICE_MIN.xml").read_text()
    for name, value in {
        "FACNUM": "F-1",
        "DATE_FACTURE": "2026-11-02",
        "NUMERO_ENGAGEMENT": "E-9",
        "NOM_FICHIER": "facture.pdf",
        "FICHIER_FACTURE_ZIP_BASE64": ZIP_OF_PDF,
        "ID_FOURNISSEUR": "12345678200010",
        "NOM_FOURNISSEUR": "Anne Auteur",
        "ID_DESTINATAIRE": "12345678200036",
        "MONTANT_HT": "100.00",
        "MONTANT_TAXE": "20.00",
        "MONTANT_TTC": "120.00",
    }.items():
        text = text.replace(f"#{name}#", value)
    found = verdict(text)
    assert (found.kind, found.accepted) == ("UBL minimal", True)
    assert found.reading is not None
    data = placements(found.reading.invoice, found.reading.facts)
    again = read_ubl(parse(write_ubl_minimal(found.reading.invoice, chorus=data)))
    assert again.invoice == found.reading.invoice
    assert placements(again.invoice, again.facts) == data
    assert found.reading.invoice.lines == ()


def test_every_official_cii_minimal_is_written_as_it_was_read(shared):
    seen = 0
    for path in sorted((shared / "corpora/aife/aife-fso1116a-cii").glob("*.xml")):
        seen += 1
        invoice = read_cii(parse(path.read_bytes())).invoice
        root = parse(cii(invoice))
        again = read_cii(root).invoice
        # An empty cadre is written as what it means; an unnamed scheme as a SIRET's.
        assert replace(again, business_process=None) == replace(invoice, business_process=None), path.name
        assert schema.validate(root, schema.CII) == [], path.name
        for data, read in ((ubl(invoice), read_ubl), (mixed(invoice), read_mixed)):
            assert check(data, at=AT).accepted, path.name
            crossed = read(parse(data)).invoice
            assert crossed.totals.payable_amount == invoice.totals.payable_amount
            assert [row.tax_amount for row in crossed.vat_breakdown] == [
                row.tax_amount for row in invoice.vat_breakdown
            ]
    assert seen == 36


# The command line.


@pytest.mark.parametrize("target", ["ubl-minimal", "cii-minimal", "mixed"])
def test_an_invoice_is_converted_to_each_form(tmp_path, target):
    source = tmp_path / "facture.xml"
    source.write_bytes(write_cii(replace(ALL_OF_CII, supporting_documents=())))
    made = tmp_path / "made.xml"
    result = CliRunner().invoke(main, ["convert", str(source), "--to", target, "-o", str(made)])
    assert result.exit_code == 0, result.output
    found = check(made.read_bytes(), at=AT)
    assert found.accepted
    assert found.reading is not None
    name, page = opened(found.reading.invoice.supporting_documents[0].content or "")
    assert name == "Facture_F_1.pdf"
    assert page.startswith(b"%PDF-")


def test_an_envelope_of_several_is_converted_from_its_first(tmp_path):
    source = tmp_path / "flux.xml"
    source.write_bytes(mixed(ALL_OF_MIXED, replace(ALL_OF_MIXED, number="F-2")))
    result = CliRunner().invoke(main, ["convert", str(source), "--to", "cii", "-o", str(tmp_path / "made.xml")])
    assert result.exit_code == 0, result.output
    assert "2 factures" in result.stderr
