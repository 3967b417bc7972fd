"""A file is judged by the profile it names: nobody asks for what the profile has no place for."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

import pytest

from plainchant.einvoice.channels import CHORUS, PLATFORM
from plainchant.einvoice.making.composing import compose
from plainchant.einvoice.model import Invoice
from plainchant.einvoice.profiles import PROFILE_OF, PROFILES, profile_of
from plainchant.einvoice.rules.extended_table import NUMBERS
from plainchant.einvoice.syntaxes.cii.read import read
from plainchant.einvoice.syntaxes.cii.write import write
from plainchant.einvoice.syntaxes.facturx.embed import embed
from plainchant.einvoice.syntaxes.ubl.write import write as write_ubl
from plainchant.einvoice.syntaxes.xml import parse
from plainchant.einvoice.verdict import check
from tests.einvoice.conformance import extended_documents
from tests.einvoice.filling import filled
from tests.einvoice.making.composing.sheets import SHEETS, VISIT
from tests.einvoice.rules import smallest_en
from tests.einvoice.test_broken_files import pdf

AT = date(2026, 11, 28)
MINIMUM, BASIC_WL, EN_16931 = (PROFILE_OF[name] for name in ("MINIMUM", "BASIC WL", "EN 16931"))


def rules(layer):
    return {finding.rule for finding in layer.findings}


def answers(verdict):
    return {found.channel: {finding.rule for finding in found.why} for found in verdict.channels}


@pytest.mark.parametrize("profile", [row for row in PROFILES if row.schema], ids=lambda row: row.name)
def test_what_a_profile_has_no_place_for_is_what_its_schema_takes_out(profile):
    whole = filled(Invoice, count(1), [])
    kept = read(parse(write(whole, profile=profile))).invoice
    gone = {row.name for row in fields(Invoice) if row.name != "source" and not getattr(kept, row.name)}
    assert gone == profile.has_no


@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize("profile", [MINIMUM, BASIC_WL], ids=lambda row: row.name)
def test_chorus_pro_takes_every_entry_in_a_smaller_profile(profile, name):
    verdict = check(write(compose(SHEETS[name]), profile=profile), at=AT)
    assert [layer.name for layer in verdict.layers if layer.status == "invalid"] in ([], ["fr"])
    assert answers(verdict)[CHORUS] == set()


def test_a_minimum_is_asked_neither_for_a_payment_nor_for_the_invoice_it_corrects():
    invoice = compose(VISIT)
    verdict = check(write(replace(invoice, type_code="381", payment_means=()), profile=MINIMUM), at=AT)
    assert not rules(verdict.layer("chorus")) & {"CPRO-PAIEMENT", "CPRO-AVOIR-SANS-ORIGINE"}
    verdict = check(write(replace(invoice, payment_means=()), profile=MINIMUM), at=AT)
    assert rules(verdict.layer("chorus")) == set()


def test_a_profile_with_a_place_for_the_payment_is_asked_for_it():
    verdict = check(write(replace(compose(VISIT), payment_means=()), profile=BASIC_WL), at=AT)
    assert "CPRO-PAIEMENT" in rules(verdict.layer("chorus"))


def test_a_minimum_is_not_judged_by_the_reform_which_does_not_take_it():
    verdict = check(write(compose(VISIT), profile=MINIMUM), at=AT)
    for name in ("fr", "cpro"):
        assert verdict.layer(name).status == "skipped"
        assert "MINIMUM" in verdict.layer(name).why
    assert answers(verdict) == {CHORUS: set(), PLATFORM: {"CANAL-PROFIL"}}


def test_a_basic_wl_without_its_vat_breakdown_is_told_so():
    invoice = replace(compose(VISIT), vat_breakdown=())
    assert "BR-CO-18" in rules(check(write(invoice, profile=BASIC_WL), at=AT).layer("en16931"))
    assert "BR-CO-18" not in rules(check(write(invoice, profile=MINIMUM), at=AT).layer("en16931"))


@pytest.mark.parametrize(
    ("guideline", "name"),
    [
        ("urn:factur-x.eu:1p0:minimum", "MINIMUM"),
        ("urn:zugferd.de:2p0:basicwl", "BASIC WL"),
        ("urn:cen.eu:en16931:2017#compliant#urn:zugferd.de:2p0:basic", "BASIC"),
        ("urn:cen.eu:en16931:2017:compliant:factur-x.eu:1p0:basic", "BASIC"),
        ("urn:cen.eu:en16931:2017", "EN 16931"),
        ("urn:example:minimum", None),
        ("urn:factur-x.eu:1p0:maximum", None),
        ("", None),
        (None, None),
    ],
)
def test_a_profile_is_known_by_its_guideline(guideline, name):
    found = profile_of(guideline)
    assert (found.name if found else None) == name


@pytest.mark.parametrize("writer", [write, write_ubl])
def test_a_profile_that_nobody_knows_is_named(writer):
    verdict = check(writer(replace(compose(VISIT), specification="urn:example:invented")), at=AT)
    found = [finding for finding in verdict.layer("wellformed").findings if finding.rule == "PROFIL-INCONNU"]
    assert [(finding.severity, finding.value) for finding in found] == [("warning", "urn:example:invented")]
    assert "« urn:example:invented »" in found[0].message
    assert found[0].line
    assert verdict.accepted
    assert "PROFIL-INCONNU" not in rules(check(writer(compose(VISIT)), at=AT).layer("wellformed"))


def test_a_profile_of_factur_x_is_none_of_ubl():
    invoice = replace(compose(VISIT), specification=MINIMUM.guideline, lines=())
    verdict = check(write_ubl(invoice), at=AT)
    assert "PROFIL-INCONNU" in rules(verdict.layer("wellformed"))
    assert "BR-16" in rules(verdict.layer("en16931"))


EXTENDED = [PROFILE_OF[name] for name in ("EXTENDED", "EXTENDED-CTC-FR")]


def exempt_for_two_reasons(base="50.00"):
    """Two lines and two rows of the breakdown, each pair with a reason of its own."""
    vats = [smallest_en.vat("E", exemption_reason=reason) for reason in ("Art. 261 D 4", "Art. 261 D 2")]
    lines = tuple(replace(smallest_en.line("E"), vat=vat, net_amount=Decimal(50)) for vat in vats)
    rows = tuple(replace(smallest_en.row("E", base=base), category=vat) for vat in vats)
    return smallest_en.valid("E", lines=lines, vat_breakdown=rows, due_date=date(2026, 12, 3))


@pytest.mark.parametrize("profile", EXTENDED, ids=lambda row: row.name)
def test_two_exemption_reasons_break_the_norm_and_not_the_extended_profiles(profile):
    in_the_norm = check(write(exempt_for_two_reasons(), profile=EN_16931), at=AT).layer("en16931")
    assert {"BR-E-01", "BR-E-08"} <= rules(in_the_norm)
    extended = check(write(exempt_for_two_reasons(), profile=profile), at=AT).layer("en16931")
    assert extended.status == "valid"
    assert {rule for rule in rules(extended) if rule.startswith("BR-")} == {"BR-FXEXT-E-08ini"}
    wrong = check(write(exempt_for_two_reasons(base="40.00"), profile=profile), at=AT).layer("en16931")
    assert wrong.status == "invalid"
    assert rules(wrong) & {"BR-FXEXT-E-08", "BR-FXEXT-E-08b"}


@pytest.mark.parametrize(("shift", "holds"), [("0.01", True), ("0.02", False)])
def test_an_extended_total_may_differ_by_a_cent_for_each_amount_that_is_added(shift, holds):
    invoice = smallest_en.valid()
    totals = invoice.totals
    totals = replace(totals, line_extension_amount=totals.line_extension_amount + Decimal(shift))
    found = check(write(replace(invoice, totals=totals), profile=PROFILE_OF["EXTENDED-CTC-FR"]), at=AT)
    assert ("BR-FREXT-CO-10" not in rules(found.layer("en16931"))) == holds


def test_a_group_of_lines_is_not_added_in_an_extended_profile():
    invoice = smallest_en.valid()
    group = replace(invoice.lines[0], identifier="G", status_reason_code="GROUP")
    for status, is_wrong in ((group, False), (replace(group, status_reason_code="DETAIL"), True)):
        data = write(replace(invoice, lines=(*invoice.lines, status)), profile=PROFILE_OF["EXTENDED-CTC-FR"])
        assert ("BR-FREXT-CO-10" in rules(check(data, at=AT).layer("en16931"))) == is_wrong


def told(data):
    return {finding.rule: finding.message for finding in check(data, at=AT).layer("en16931").findings}


@pytest.mark.parametrize(("profile", "writer"), [*((row, write) for row in EXTENDED), (EXTENDED[1], write_ubl)])
@pytest.mark.parametrize(
    ("about", "changes", "sentence"),
    [
        ("role", {"status_reason_code": "AUTRE"}, "Le rôle « AUTRE » de cette ligne"),
        ("role-missing", {"parent": "1"}, "dépend de la ligne 1, mais ne dit pas son rôle"),
        ("parent", {"parent": "99", "status_reason_code": "DETAIL"}, "dit dépendre de la ligne « 99 »"),
        ("group-sum", {"status_reason_code": "GROUP"}, "font 0,00, mais elle indique"),
        ("BR-22", {"quantity": None}, "n’a pas de quantité"),
    ],
)
def test_the_lines_of_an_extended_profile_have_rules_of_their_own(profile, writer, about, changes, sentence):
    invoice = smallest_en.valid()
    more = replace(invoice.lines[0], identifier="2", **changes)
    data = writer(replace(invoice, lines=(*invoice.lines, more), specification=profile.guideline))
    number = NUMBERS[profile.name, "cii" if writer is write else "ubl"][about]
    assert sentence in told(data)[number].replace("\u00a0", " ")
    assert not {"BR-22", "BR-CO-04"} & told(data).keys()


def test_a_line_for_information_needs_no_quantity_in_an_extended_profile_and_does_in_the_norm():
    invoice = smallest_en.valid()
    more = replace(invoice.lines[0], identifier="2", quantity=None, status_reason_code="INFORMATION")
    invoice = replace(invoice, lines=(*invoice.lines, more))
    assert "BR-22" in told(write(invoice, profile=EN_16931))
    assert not {"BR-22", "BR-FXEXT-BR-22"} & told(write(invoice, profile=EXTENDED[0])).keys()


def test_an_element_that_the_format_wants_may_stay_empty_and_another_is_to_be_filled_or_removed():
    data = extended_documents.cii("EXTENDED")
    start, end = (
        data.index(tag) for tag in (b"<ram:ActualDeliverySupplyChainEvent", b"</ram:ApplicableHeaderTradeDelivery")
    )
    assert "Vous pouvez le laisser" in told(data[:start] + data[end:])["PEPPOL-EN16931-R008"]
    empty = told(data.replace(b">Transport<", b"><"))["PEPPOL-EN16931-R008"]
    assert "L’élément Description du fichier est vide. Écrivez" in empty


@pytest.mark.parametrize(
    ("was", "becomes", "rule", "sentence"),
    [
        (b' schemeID="0225"', b"", "", ""),  # of the two parties that the norm looks at itself
        (
            b"<ram:TypeCode>VAT</ram:TypeCode>",
            b"<ram:TypeCode>ZZZ</ram:TypeCode>",
            "FX-CODE",
            "Le code « ZZZ » n’est pas",
        ),
        (b'<ram:GlobalID schemeID="0009">', b"<ram:GlobalID>", "FX-MANQUE", "Il manque schemeID"),
        (b'DateTimeString format="102">20261102', b'DateTimeString format="203">20261102', "FX-CODE", "« 203 »"),
    ],
)
def test_what_the_schema_of_extended_leaves_open_is_told(was, becomes, rule, sentence):
    found = told(extended_documents.cii("EXTENDED").replace(was, becomes))
    assert ({key for key in found if key.startswith("FX-")}) == ({rule} - {""})
    assert sentence in found.get(rule, "").replace("\u00a0", " ")
    of_the_reform = told(extended_documents.cii("EXTENDED-CTC-FR").replace(was, becomes))
    assert not [key for key in of_the_reform if key.startswith("FX-")]


def test_a_charge_for_transport_is_added_to_the_charges():
    valid = extended_documents.cii("EXTENDED")
    assert told(valid).keys() <= {"PLC-LIGNE", "PLC-TVA"}
    wrong = told(valid.replace(b"<ram:AppliedAmount>10.00<", b"<ram:AppliedAmount>30.00<"))
    assert {"BR-FXEXT-CO-12", "BR-FXEXT-CO-13", "BR-FXEXT-S08b"} <= wrong.keys()
    assert "35,00" in wrong["BR-FXEXT-CO-12"]


@pytest.mark.parametrize(
    ("was", "becomes", "rule", "sentence"),
    [
        (b">DAP<", b">DDU<", "BR-FREXT-CL-27", "« DDU » n’est pas un Incoterm connu"),
        (b"application/xml", b"image/gif", "BR-FREXT-CL-24", "du type « image/gif »"),
        (b'listID="5153">ENV', b'listID="5153">VAT', "BR-FREXT-CL-20-TAX", "« VAT » de cette taxe"),
        (b"<ram:TypeCode>AAF<", b"<ram:TypeCode>QQQ<", "BR-FXEXT-04", "« QQQ » d’une caractéristique"),
    ],
)
def test_a_code_of_an_extended_profile_is_told_by_its_value(was, becomes, rule, sentence):
    for profile in EXTENDED:
        data = extended_documents.cii(profile.name)
        assert rule not in told(data)
        assert sentence in told(data.replace(was, becomes))[rule].replace("\u00a0", " ")


def test_what_an_extended_profile_keeps_of_the_norm_still_refuses():
    invoice = replace(compose(VISIT), number="", specification=PROFILE_OF["EXTENDED-CTC-FR"].guideline)
    for writer in (write, write_ubl):
        assert "BR-02" in rules(check(writer(invoice), at=AT).layer("en16931"))


@pytest.mark.parametrize(("inside", "is_told"), [(EN_16931, False), (BASIC_WL, True)], ids=["the same", "another"])
def test_a_pdf_that_names_another_profile_than_its_xml_is_told(inside, is_told):
    made = embed(pdf(), write(compose(VISIT), profile=inside), profile=EN_16931, at=datetime(2026, 11, 3, tzinfo=UTC))
    found = [finding for finding in check(made, at=AT).layer("wellformed").findings if finding.rule == "FX-PROFIL"]
    assert bool(found) == is_told
    for finding in found:
        assert finding.severity == "warning"
        assert "EN 16931" in finding.message
        assert "BASIC WL" in finding.message


@pytest.mark.parametrize("profile", EXTENDED, ids=lambda row: row.name)
def test_an_amount_that_cannot_be_read_is_not_said_to_be_missing(profile):
    data = extended_documents.cii(profile.name)
    amount = b"<ram:LineTotalAmount>50.00</ram:LineTotalAmount>"
    assert data.count(amount) == 1
    number = NUMBERS[profile.name, "cii"]["BR-24"]
    assert number not in told(data.replace(amount, amount.replace(b"50.00", b"5O.00")))
    assert number in told(data.replace(amount, b""))
