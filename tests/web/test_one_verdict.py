"""One invoice, right and wrong in many ways, by every way in: the same codes and the same sentences.

A PDF and its form, a sheet typed on screen, a row of a table, a flow of data, the command and « Vérifier ».
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import typst
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from plainchant.cli import main
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.model import Invoice, PrecedingInvoice
from plainchant.einvoice.syntaxes.cii.write import write
from plainchant.portal.accounts.models import User
from plainchant.portal.drafts import operations as drafts
from plainchant.portal.drafts.checking import check
from plainchant.portal.drafts.documents import deposit_document
from plainchant.portal.drafts.models import Draft
from plainchant.portal.flows.models import FlowInvoice
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.rights.actor import Actor
from plainchant.portal.structures.models import BankAccount, Structure
from tests.einvoice.rules import smallest_chorus as smallest
from tests.making import a_mandate, a_member, a_service, a_structure, a_town, an_upload
from tests.portal.flows.archives import archive
from tests.portal.flows.making_flows import sent
from tests.portal.flows.tables import a_row, a_table

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

Found = set[tuple[str, str]]  # (code, sentence)
TODAY = day_in_paris(now())
FORM, FILE = frozenset({"deposit", "entry", "table"}), frozenset({"flow", "check", "verify"})


@dataclass(frozen=True)
class Fault:
    """``typed``: fields of a form; ``written``: the same in the data of a file; ``demands``: of the recipient.

    ``ways``: those by which it can come; the others have no place for it, or nobody to ask.
    """

    code: str
    typed: dict[str, str] = field(default_factory=dict)
    written: Callable[[Invoice], Invoice] = lambda invoice: invoice
    demands: dict[str, bool] = field(default_factory=dict)
    sign: str = ""  # before each amount that is typed
    ways: frozenset[str] = FORM | FILE


def credit(*numbers: str) -> Callable[[Invoice], Invoice]:
    corrected = tuple(PrecedingInvoice(number=number) for number in numbers)
    return lambda invoice: replace(invoice, type_code="381", preceding_invoices=corrected)


def dated(day: date) -> tuple[dict[str, str], Callable[[Invoice], Invoice]]:
    return {"issue_date": f"{day:%d/%m/%Y}"}, lambda invoice: replace(invoice, issue_date=day)


def due(amount: str) -> Callable[[Invoice], Invoice]:
    return lambda invoice: replace(invoice, totals=replace(invoice.totals, payable_amount=Decimal(amount)))


def known_to(siret: str) -> Callable[[Invoice], Invoice]:
    return lambda invoice: replace(invoice, buyer=replace(invoice.buyer, legal_registration=smallest.siret(siret)))


AMOUNTS = {
    "tax_exclusive_amount": "100,00",
    "tax_amount": "20,00",
    "tax_inclusive_amount": "120,00",
    "payable_amount": "120,00",
}
AVOIR = {"type_code": "381"}
ASKED = (FORM | FILE) - {"check"}  # the command is given no directory here
FAULTS = (
    Fault("CPRO-G1.05-LONGUEUR", {"number": "F" * 21}, lambda invoice: replace(invoice, number="F" * 21)),
    Fault("CPRO-G1.05", {"number": "F*1"}, lambda invoice: replace(invoice, number="F*1")),
    Fault("CPRO-DATE-ANNEE", *dated(date(2100, 1, 1))),
    Fault("CPRO-DATE-FUTURE", *dated(TODAY + timedelta(days=1))),
    Fault("CPRO-DATE-ANCIENNE", *dated(TODAY - timedelta(days=366))),
    Fault("CPRO-AVOIR-SANS-ORIGINE", AVOIR, credit()),
    Fault("CPRO-ORIGINE-LONGUE", AVOIR | {"preceding_number": "F" * 21}, credit("F" * 21)),
    Fault("CPRO-ORIGINE-SIGNES", AVOIR | {"preceding_number": "F*0"}, credit("F*0")),
    Fault(
        "CPRO-ENGAGEMENT-LONG",
        {"commitment": "E" * 51},
        lambda invoice: replace(invoice, purchase_order_reference="E" * 51),
    ),
    Fault("CPRO-MARCHE-LONG", {"contract": "M" * 51}, lambda invoice: replace(invoice, contract_reference="M" * 51)),
    Fault("CPRO-FACTURE-NEGATIVE", written=smallest.negative, sign="-"),
    Fault("CPRO-A-PAYER-TROP", {"payable_amount": "500,00"}, due("500"), ways=FILE | {"deposit"}),
    Fault("CPRO-A-PAYER", {"payable_amount": "100,00"}, due("100"), ways=FILE | {"deposit"}),
    Fault(
        "ANNUAIRE-DESTINATAIRE-INCONNU",
        {"buyer": "73282932100007"},
        known_to("73282932100007"),
        ways=ASKED - {"verify"},
    ),
    Fault("ANNUAIRE-SERVICE-ABSENT", demands={"requires_service": True}, ways=ASKED),
    Fault("ANNUAIRE-ENGAGEMENT-ABSENT", demands={"requires_commitment": True}, ways=ASKED),
    Fault(
        "ANNUAIRE-SERVICE-INCONNU",
        {"buyer_service": "VOIRIE"},
        lambda invoice: replace(invoice, buyer_reference="VOIRIE"),
        ways=ASKED,
    ),
)


@dataclass
class Town:
    """Who sends and who receives, in the directory and in the files."""

    seller: Structure
    buyer: Structure
    user: User
    at: datetime
    client: Client
    folder: Path
    wanted: Found = field(default_factory=set)

    def deposit(self, fault: Fault) -> Found:
        """Beside a page on which nothing can be read, so that nothing of it is compared."""
        page = typst.compile(b"= Merci de votre accueil", format="pdf")
        draft = deposit_document(seller=self.seller, upload=an_upload(content=page), actor=Actor(self.user), at=self.at)
        fields = {name: fault.sign + amount for name, amount in AMOUNTS.items()} | self.typed(fault)
        drafts.change(draft=draft, fields=fields, actor=Actor(self.user), at=self.at)
        return pairs(check(draft=Draft.objects.get(pk=draft.pk), at=self.at).findings)

    def entry(self, fault: Fault) -> Found:
        account = self.seller.bank_accounts.first() or BankAccount.objects.create(
            structure=self.seller, label="Courant", iban=smallest.IBAN, created_at=self.at, created_by=self.user
        )
        lines = [{"name": "Lecture", "quantity": fault.sign + "1", "price": "100,00", "rate": "20"}]
        filled = {"bank_account": str(account.uid), "payment_mode": "VIREMENT", "delivery_date": "15/10/2026"}
        typed = {"fields": filled | self.typed(fault), "lines": lines}
        entry = drafts.start(seller=self.seller, actor=Actor(self.user), at=self.at)
        drafts.save(draft=entry, typed=typed, revision=entry.revision, actor=Actor(self.user), at=self.at)
        return pairs(check(draft=Draft.objects.get(pk=entry.pk), at=self.at).findings)

    def table(self, fault: Fault) -> Found:
        names = {"buyer_service": "service", "preceding_number": "preceding"}
        cells = {names.get(name, name): text for name, text in self.typed(fault).items()}
        number, buyer, _ = cells.pop("number"), cells.pop("buyer"), cells.pop("vat_regime")
        cells |= {"vat": "20", "price": "100", "quantity": fault.sign + "1"}
        row = a_row(number, seller=self.seller.identifier, buyer=buyer, **cells)
        return self._carried(a_table([row]), "factures.xlsx")

    def flow(self, fault: Fault) -> Found:
        return self._carried(archive({"facture.xml": self.data(fault)}), "lot.tar.gz")

    def check(self, fault: Fault) -> Found:
        path = self.folder / "facture.xml"
        path.write_bytes(self.data(fault))
        (found,) = map(json.loads, CliRunner().invoke(main, ["check", "--json", str(path)]).stdout.splitlines())
        chorus = next(layer for layer in found["layers"] if layer["name"] == "chorus")
        return {(finding["rule"], finding["message"]) for finding in chorus["findings"]}

    def verify(self, fault: Fault) -> Found:
        """The sentences that the other ways have said of the fault, where the page says them too."""
        page = self.client.post("/verifier/", {"file": SimpleUploadedFile("facture.xml", self.data(fault))})
        text = html.unescape(page.text)
        return {(code, sentence) for code, sentence in self.wanted if sentence in text}

    def typed(self, fault: Fault) -> dict[str, str]:
        right = {"number": "F2026-001", "issue_date": f"{TODAY:%d/%m/%Y}", "vat_regime": "TVA_SUR_DEBIT"}
        return right | {"buyer": self.buyer.identifier} | fault.typed

    def data(self, fault: Fault) -> bytes:
        return write(fault.written(smallest.valid(issue_date=TODAY)))

    def _carried(self, content: bytes, name: str) -> Found:
        flow = sent(content, structure=self.seller, user=self.user, at=self.at, name=name)
        (row,) = FlowInvoice.objects.filter(flow=flow)
        return {(finding["rule"], finding["message"]) for finding in row.findings}


def pairs(findings: list[Finding]) -> Found:
    return {(finding.rule, finding.message) for finding in findings}


@pytest.fixture
def town(client: Client, tmp_path: Path) -> Town:
    at = now()
    seller = a_structure(
        at=at, identifier=smallest.SELLER, vat_number="FR11123456782", address_line="1 rue des Essais", postcode="99120"
    )
    buyer = a_town(at=at, identifier=smallest.BUYER, name=smallest.COMMUNE, address_line="1 place", postcode="99120")
    a_service(structure=buyer, code="CULTURE")
    user = a_member(structure=seller, at=at, is_manager=True)
    a_mandate(structure=seller, by=user, at=at)
    return Town(seller, buyer, user, at, client, tmp_path)


def told_by(town: Town, way: str, fault: Fault) -> Found:
    """What one way says; nothing of it is left for the next, which has the same number."""
    with transaction.atomic():
        found: Found = getattr(town, way)(fault)
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("way", sorted(FORM | (FILE - {"verify"})))
def test_the_right_invoice_is_right_by_every_way(town: Town, way: str) -> None:
    assert getattr(town, way)(Fault("")) == set()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.code)
def test_a_fault_is_said_in_the_same_words_by_every_way(town: Town, fault: Fault) -> None:
    for demand, is_made in fault.demands.items():
        setattr(town.buyer, demand, is_made)
    town.buyer.save()
    said = {way: told_by(town, way, fault) for way in sorted(fault.ways - {"verify"})}
    town.wanted = said["flow"]
    assert said == dict.fromkeys(said, town.wanted)
    assert {code for code, _ in town.wanted} == {fault.code}
    if "verify" in fault.ways:
        assert town.verify(fault) == town.wanted
