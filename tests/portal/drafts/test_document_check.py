"""What was read on a document and what is typed beside it: each difference is asked about, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import pytest
import typst

from plainchant.einvoice.finding import Finding
from plainchant.portal.accounts.models import User
from plainchant.portal.drafts.checking import check
from plainchant.portal.drafts.document_fields import DOCUMENT_FIELDS
from plainchant.portal.drafts.documents import deposit_document
from plainchant.portal.drafts.models import DocumentReading, Draft
from plainchant.portal.drafts.operations import change
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import BankAccount, Service, Structure, StructureNature
from tests.capture.workbooks import LAYOUTS, as_xls, as_xlsx, book_of
from tests.making import a_member, a_service, a_structure, a_town, an_upload

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

SELLER, BUYER, OTHER_TOWN = "79933344800030", "21990001600011", "20099988600019"
IBAN, OTHER_IBAN = "FR7630006000011234567890189", "FR1420041010050500013M02606"
AMOUNTS = ("tax_exclusive_amount", "tax_amount", "tax_inclusive_amount", "payable_amount")
CODES = {row.field: row.code for row in DOCUMENT_FIELDS if row.field}


def a_page(
    *,
    title: str = "Facture",
    date: str = "Date de facture : 02/11/2026",
    amounts: tuple[str, str, str, str] = ("1 000,00", "200,00", "1 200,00", "1 200,00"),
    sign: str = "€",
    service: str = "CULTURE",
    withheld: str = "",
    more: str = "",
) -> bytes:
    net, tax, gross, payable = amounts
    text = f"""#set page(paper: "a4")
= {title.upper()}
{title} n° F-2026-031 \\ {date}

Émetteur : Atelier Lumen \\ SIRET : 799 333 448 00030

Client : Commune de Valbrume \\ SIRET client : 219 900 016 00011
\\ Code service : {service} \\ N° d’engagement : EJ-77 \\ Marché n° : M-2026-9

Total HT : {net} {sign} \\ TVA 20 % : {tax} {sign} \\ Total TTC : {gross} {sign} \\
{withheld} Net à payer : {payable} {sign}

IBAN : FR76 3000 6000 0112 3456 7890 189 \\ {more}"""
    return bytes(typst.compile(text.replace("$", "\\$").encode(), format="pdf"))


@pytest.fixture(scope="module")
def world(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> User:
    """A supplier with two accounts, two towns with services, and the member who deposits."""
    with once_a_module():
        seller = a_structure(at=at, identifier=SELLER)
        a_structure(at=at, identifier="84512377700029", name="Autre atelier")
        member = a_member(structure=seller, at=at)
        for label, iban in (("Courant", IBAN), ("Épargne", OTHER_IBAN)):
            BankAccount.objects.create(structure=seller, label=label, iban=iban, created_at=at, created_by=member)
        town = a_town(at=at, identifier=BUYER)
        a_service(structure=town, code="CULTURE")
        a_service(structure=town, code="TRAVAUX")
        a_town(at=at, identifier=OTHER_TOWN, name="Commune de Valbourg")
        return member


@pytest.fixture
def deposited(world: User, at: datetime) -> Callable[..., Draft]:
    def deposit(content: bytes, name: str = "facture.pdf", **fields: str) -> Draft:
        seller = world.memberships.get().structure
        upload = an_upload(content=content, name=name)
        draft = deposit_document(seller=seller, upload=upload, actor=Actor(world), at=at)
        return typed(draft, at, vat_regime="TVA_SUR_DEBIT", **fields)

    return deposit


@pytest.fixture(scope="module")
def ordinary(world: User, once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> int:
    """The draft of one document, as it was proposed."""
    with once_a_module():
        seller = world.memberships.get().structure
        draft = deposit_document(seller=seller, upload=an_upload(content=a_page()), actor=Actor(world), at=at)
        return typed(draft, at, vat_regime="TVA_SUR_DEBIT").pk


@pytest.fixture
def draft(ordinary: int) -> Draft:
    return Draft.objects.get(pk=ordinary)


def typed(draft: Draft, at: datetime, **fields: str) -> Draft:
    return change(draft=draft, fields=fields, actor=Actor(draft.invoice.created_by), at=at)


def found(draft: Draft, at: datetime) -> dict[str | None, Finding]:
    """The questions, by field."""
    findings = check(draft=draft, at=at).findings
    return {finding.field: finding for finding in findings if "-DIFFEREN" in finding.rule}


def sentence(finding: Finding) -> str:
    """Its message, with ordinary spaces."""
    return " ".join(finding.message.split())


def with_certainty(draft: Draft, name: str, certainty: str) -> None:
    row = DocumentReading.objects.get(invoice=draft.invoice)
    row.result["fields"][name]["certainty"] = certainty
    row.save()


def test_nothing_is_asked_of_what_was_proposed(draft: Draft, at: datetime) -> None:
    assert found(draft, at) == {}


ACCOUNT = "the other account"
# field, what is typed instead, how the document is quoted, how the form is
OTHERS = [
    ("buyer", OTHER_TOWN, "« 219 900 016 00011 » (page 1)", "choisi « Commune de Valbourg (200 999 886 00019) »"),
    ("buyer_service", "TRAVAUX", "« CULTURE » (page 1)", "vous avez choisi « Service Travaux (TRAVAUX) »"),
    ("commitment", "EJ-78", "« EJ-77 » (page 1)", "vous avez écrit « EJ-78 »"),
    ("contract", "M-2026-8", "« M-2026-9 » (page 1)", "vous avez écrit « M-2026-8 »"),
    ("number", "F-2026-32", "« F-2026-031 » (page 1)", "vous avez écrit « F-2026-32 »"),
    ("issue_date", "03/11/2026", "« 02/11/2026 » (page 1)", "vous avez écrit « 03/11/2026 »"),
    ("type_code", "381", "« Facture » (page 1)", "vous avez choisi « Avoir »"),
    ("tax_exclusive_amount", "10000", "« 1 000,00 € » (page 1)", "vous avez écrit « 10 000,00 »"),
    ("tax_amount", "20", "« 200,00 € » (page 1)", "vous avez écrit « 20,00 »"),
    ("tax_inclusive_amount", "999999999999", "« 1 200,00 € » (page 1)", "vous avez écrit « 999 999 999 999,00 »"),
    ("payable_amount", "0", "« 1 200,00 € » (page 1)", "vous avez écrit « 0,00 »"),
    ("currency", "CHF", "« EUR » (page 1)", "vous avez écrit « CHF »"),
    ("bank_account", ACCOUNT, "« …0189 » (page 1)", "vous avez choisi « Épargne (…2606) »"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "on_page", "in_form"), OTHERS, ids=[row[0] for row in OTHERS])
def test_another_value_than_the_documents_is_asked_about_beside_its_field(
    draft: Draft, at: datetime, field: str, value: str, on_page: str, in_form: str
) -> None:
    if value == ACCOUNT:
        value = str(draft.invoice.seller.bank_accounts.get(iban=OTHER_IBAN).uid)
    before = draft.fields[field]
    typed(draft, at, **{field: value})
    if field == "tax_inclusive_amount":  # else the sum of the other two is refused first
        typed(draft, at, tax_exclusive_amount="999999999799")
    if field == "tax_exclusive_amount":
        typed(draft, at, tax_inclusive_amount="10200")
    question = found(draft, at)[field]
    assert (question.rule, question.severity) == (CODES[field], "warning")
    assert on_page in sentence(question)
    assert in_form in sentence(question)
    assert sentence(question).endswith("Lequel des deux est juste ?")
    typed(draft, at, **{field: before})
    assert field not in found(draft, at)


def test_each_field_of_the_table_is_tried() -> None:
    assert {row.field for row in DOCUMENT_FIELDS if row.field} == {row[0] for row in OTHERS}
    assert {row.read for row in DOCUMENT_FIELDS if not row.field} == {
        "seller_siret",
        "due_date",
        "prepaid_amount",
        "withheld_amount",
    }


def test_a_document_of_another_supplier_is_asked_about(draft: Draft, at: datetime) -> None:
    row = DocumentReading.objects.get(invoice=draft.invoice)
    row.result["fields"]["seller_siret"]["value"] = "84512377700029"
    row.save()
    (question,) = found(draft, at).values()
    assert question.rule == "CPRO-FOURNISSEUR-DIFFERENT"
    assert "vous déposez pour « Atelier Lumen (799 333 448 00030) ». Est-ce le bon document" in sentence(question)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tax_exclusive_amount", "1000"),
        ("tax_exclusive_amount", "1 000,00 €"),
        ("tax_inclusive_amount", "1.200,00"),
        ("payable_amount", "1\u202f200"),
        ("buyer", "219 900 016 00011"),
        ("number", "f-2026-031"),
        ("number", "F -2026- 031"),
        ("commitment", "ej-77"),
        ("contract", " M-2026-9 "),
        ("issue_date", "2 novembre 2026"),
        ("currency", "eur"),
    ],
)
def test_the_same_value_written_otherwise_is_the_same(draft: Draft, at: datetime, field: str, value: str) -> None:
    typed(draft, at, **{field: value})
    assert found(draft, at) == {}


@pytest.mark.parametrize(
    ("field", "read"),
    [(row.field, row.read) for row in DOCUMENT_FIELDS if row.field not in ("", "buyer", "bank_account")],
)
def test_a_doubtful_reading_accuses_nobody(draft: Draft, at: datetime, field: str, read: str) -> None:
    value = next(row[1] for row in OTHERS if row[0] == field)
    typed(draft, at, **{field: value})
    with_certainty(draft, read, "doubtful")
    assert field not in found(draft, at)


@pytest.mark.parametrize(("value", "is_asked"), [("05/11/2026", True), ("31/12/2026", False)])
def test_a_likely_reading_is_opposed_only_to_what_is_nowhere_on_the_page(
    deposited: Callable[..., Draft], at: datetime, value: str, is_asked: bool
) -> None:
    page = a_page(date="Valbrume, le 2 novembre 2026", more="Paiement avant le 31 décembre 2026")
    draft = deposited(page, issue_date=value)
    with_certainty(draft, "issue_date", "likely")
    row = DocumentReading.objects.get(invoice=draft.invoice)
    questions = found(draft, at)
    assert ("issue_date" in questions) is is_asked
    if is_asked:
        assert "la date semble être « 2 novembre 2026 »" in sentence(questions["issue_date"])
    # What was not read as text may stand on the page all the same.
    for unproven in ({"engine": "tesseract"}, {"warnings": ["pages_unread"]}, {"warnings": ["picture_pages"]}):
        DocumentReading.objects.filter(pk=row.pk).update(result=row.result | unproven)
        assert "issue_date" not in found(draft, at)
    pages = [page | {"words": []} for page in row.pages]
    DocumentReading.objects.filter(pk=row.pk).update(result=row.result, pages=pages)
    assert "issue_date" not in found(draft, at)


@pytest.mark.parametrize(("field", "value"), [("currency", "CHF"), ("type_code", "381")])
def test_a_word_that_is_only_likely_is_not_opposed(draft: Draft, at: datetime, field: str, value: str) -> None:
    typed(draft, at, **{field: value})
    with_certainty(draft, field, "likely")
    assert found(draft, at) == {}


def test_an_amount_that_was_added_up_is_shown_without_a_place(draft: Draft, at: datetime) -> None:
    """With several rates and no total of VAT, what is certain stands nowhere."""
    row = DocumentReading.objects.get(invoice=draft.invoice)
    row.result["fields"]["tax_amount"] |= {"text": "", "place": None}
    row.save()
    typed(draft, at, tax_amount="20")
    assert "le montant de TVA est « 200,00 » ; ici" in sentence(found(draft, at)["tax_amount"])


@pytest.mark.parametrize(("certainty", "is_asked"), [("certain", True), ("likely", False)])
def test_whose_a_siret_is_must_be_certain(draft: Draft, at: datetime, certainty: str, is_asked: bool) -> None:
    """Of the sole SIRET of a page it may only be likely that it is the supplier's."""
    row = DocumentReading.objects.get(invoice=draft.invoice)
    row.result["fields"]["seller_siret"] |= {"value": "84512377700029", "certainty": certainty}
    row.pages = [page | {"words": [word for word in page["words"] if "00030" not in word[0]]} for page in row.pages]
    row.save()
    assert bool(found(draft, at)) is is_asked


def test_a_recipient_that_the_directory_settles_is_not_opposed_to_itself(draft: Draft, at: datetime) -> None:
    """Seller and buyer read the wrong way round: the directory knows which of the two is the town."""
    row = DocumentReading.objects.get(invoice=draft.invoice)
    fields = row.result["fields"]
    fields["seller_siret"], fields["buyer_siret"] = fields["buyer_siret"], fields["seller_siret"]
    row.save()
    assert found(draft, at) == {}


@pytest.mark.parametrize("field", ["commitment", "contract", "buyer_service"])
def test_what_the_document_has_and_the_form_lacks_may_be_added(draft: Draft, at: datetime, field: str) -> None:
    typed(draft, at, **{field: ""})
    question = found(draft, at)[field]
    assert sentence(question).endswith("vous n’avez rien mis. Faut-il l’ajouter ?")
    with_certainty(draft, next(row.read for row in DOCUMENT_FIELDS if row.field == field), "likely")
    assert found(draft, at) == {}


def test_no_service_is_to_be_added_that_the_recipient_has_not(draft: Draft, at: datetime) -> None:
    draft.invoice.buyer.services.filter(code="CULTURE").update(is_active=False)
    typed(draft, at, buyer_service="")
    assert found(draft, at) == {}


def test_a_service_given_by_its_name_is_not_another(draft: Draft, at: datetime) -> None:
    draft.invoice.buyer.services.filter(code="TRAVAUX").update(name="Travaux et culture")
    typed(draft, at, buyer_service="TRAVAUX")
    assert found(draft, at) == {}


def test_no_account_is_the_one_of_the_document(draft: Draft, at: datetime) -> None:
    typed(draft, at, bank_account="")
    assert found(draft, at) == {}


@pytest.mark.parametrize("minus", ["-", "−", ""])
def test_a_credit_note_needs_no_minus_sign_in_the_form(
    deposited: Callable[..., Draft], at: datetime, minus: str
) -> None:
    amounts = (f"{minus}1 000,00", f"{minus}200,00", f"{minus}1 200,00", f"{minus}1 200,00")
    without = dict(zip(AMOUNTS, ("1000", "200", "1200", "1200"), strict=True))
    draft = deposited(a_page(title="Avoir", amounts=amounts), type_code="381", preceding_number="F-1", **without)
    assert found(draft, at) == {}
    typed(draft, at, tax_exclusive_amount="900", tax_inclusive_amount="1100")
    assert {"tax_exclusive_amount", "tax_inclusive_amount"} <= set(found(draft, at))
    typed(draft, at, type_code="380", **without)
    assert set(found(draft, at)) == {"type_code"}


@pytest.mark.parametrize("nature", StructureNature)
def test_the_service_of_public_sellers_is_proposed_to_them_alone(
    deposited: Callable[..., Draft], world: User, nature: str
) -> None:
    a_service(structure=Structure.objects.get(identifier=BUYER), code=Service.PUBLIC_INVOICES)
    Structure.objects.filter(identifier=SELLER).update(nature=nature)
    draft = deposited(a_page(service=Service.PUBLIC_INVOICES.replace("_", "\\_")))
    expected = Service.PUBLIC_INVOICES if nature == StructureNature.PUBLIC else ""
    assert draft.fields["buyer_service"] == expected


@pytest.mark.parametrize(
    "amounts",
    [
        ("-1 000,00", "-200,00", "-1 200,00", "-1 200,00"),
        ("(1 000,00)", "(200,00)", "(1 200,00)", "(1 200,00)"),  # as accountants write less than nothing
    ],
)
def test_a_credit_note_is_proposed_without_the_minus_signs_of_its_page(
    deposited: Callable[..., Draft], at: datetime, amounts: tuple[str, ...]
) -> None:
    proposed = deposited(a_page(title="Avoir", amounts=amounts))
    assert [proposed.fields[name] for name in AMOUNTS] == ["1000,00", "200,00", "1200,00", "1200,00"]
    assert "CPRO-AVOIR-NEGATIF" not in {finding.rule for finding in check(draft=proposed, at=at).findings}
    below_zero = deposited(a_page(amounts=amounts))
    assert below_zero.fields["tax_inclusive_amount"] == "-1200,00"


@pytest.mark.parametrize("payable", ["1 200,00", "0,00"])
def test_of_an_invoice_that_is_paid_nothing_is_to_pay_whatever_the_page_says(
    deposited: Callable[..., Draft], at: datetime, payable: str
) -> None:
    page = a_page(amounts=("1 000,00", "200,00", "1 200,00", payable))
    draft = deposited(page, billing_framework="A2", payable_amount="0")
    assert found(draft, at) == {}


def test_what_the_page_withholds_is_owed_all_the_same(deposited: Callable[..., Draft], at: datetime) -> None:
    page = a_page(amounts=("1 000,00", "200,00", "1 200,00", "1 039,70"), withheld="Précompte : 160,30 € \\")
    draft = deposited(page)
    assert draft.fields["payable_amount"] == "1200,00"
    findings = {finding.rule: finding for finding in check(draft=draft, at=at).findings}
    assert not {"CPRO-NET-DIFFERENT", "CPRO-A-PAYER"} & findings.keys()
    assert "l’acheteur retient 160,30 (précompte, retenue) et vous verse 1 039,70." in sentence(
        findings["CPRO-RETENUE"]
    )
    # What the page asks for may be typed as well; another sum is asked about.
    typed(draft, at, payable_amount="1039,70")
    assert found(draft, at) == {}
    typed(draft, at, payable_amount="1000")
    assert set(found(draft, at)) == {"payable_amount"}


def test_amounts_are_compared_in_any_currency(deposited: Callable[..., Draft], at: datetime) -> None:
    draft = deposited(a_page(sign="CHF"), currency="CHF")
    assert found(draft, at) == {}
    typed(draft, at, currency="EUR", payable_amount="120")
    assert set(found(draft, at)) == {"currency", "payable_amount"}


@pytest.mark.parametrize(("amount", "message"), [("-1200", "−1 200,00"), ("0", "0,00")])
def test_an_invoice_of_nothing_or_less_is_refused_with_its_mend(
    draft: Draft, at: datetime, amount: str, message: str
) -> None:
    typed(draft, at, tax_exclusive_amount=amount, tax_amount="0", tax_inclusive_amount=amount, payable_amount=amount)
    (refusal,) = check(draft=draft, at=at).stops
    assert (refusal.rule, refusal.field) == ("CPRO-FACTURE-NEGATIVE", "tax_inclusive_amount")
    assert sentence(refusal).startswith(f"Le TTC de cette facture est de {message}.")
    assert "faites un avoir" in refusal.message
    assert {"tax_exclusive_amount", "payable_amount"} <= set(found(draft, at))


@pytest.mark.parametrize(("kind", "write"), [("xls", as_xls), ("xlsx", as_xlsx)])
def test_the_cells_of_a_workbook_are_compared_the_same_way(
    deposited: Callable[..., Draft], at: datetime, kind: str, write: Any
) -> None:
    book = write(book_of(LAYOUTS["labels left of values"]))
    draft = deposited(book, f"facture.{kind}", buyer=BUYER, buyer_service="CULTURE")
    assert set(found(draft, at)) == {None}  # its supplier is another
    typed(draft, at, tax_exclusive_amount="12000", tax_inclusive_amount="12240", commitment="2103456780")
    questions = found(draft, at)
    assert set(questions) == {None, "tax_exclusive_amount", "tax_inclusive_amount", "commitment"}
    assert "(en B12)" in sentence(questions["tax_exclusive_amount"])
    assert "« 2103456789 » (en B10)" in sentence(questions["commitment"])
