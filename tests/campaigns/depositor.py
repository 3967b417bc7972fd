"""A supplier's person who deposits without a pause, sends again what got no answer, and notes what was acknowledged."""

from __future__ import annotations

import hashlib
import random
import re
import threading
import time
from dataclasses import dataclass

from plainchant.demo.paper import PrintedInvoice, print_invoice
from tests.campaigns.judge import Lot
from tests.campaigns.outcome import Outcome
from tests.campaigns.visitor import Answer, GaveUp, Visitor
from tests.portal.flows.archives import archive
from tests.web.verify.invoices import invoice


@dataclass(frozen=True)
class Supplier:
    """Who deposits: how they log in, whose invoices these are, and to whom."""

    email: str
    password: str
    name: str
    siret: str
    town: str


def of_the_demonstration(number: int) -> Supplier:
    """One of the two people of the demonstration who invoice, in turn."""
    from plainchant.demo import cast, directory  # needs Django to be ready

    person = (cast.ARTIST, cast.BOOKKEEPER)[number % 2]
    workshop = next(one for one in cast.WORKSHOPS if one.siret == person.siret)
    return Supplier(person.email, cast.PASSWORD, workshop.name, workshop.siret, directory.TOWN_HALL)


class Depositor(threading.Thread):
    """A supplier's person who deposits without a pause: PDFs, and now and then a flow of ``most`` invoices at most.

    ``supplier``: who, if nobody of the demonstration.
    """

    def __init__(
        self,
        number: int,
        address: str,
        outcome: Outcome,
        rng: random.Random,
        most: int,
        supplier: Supplier | None = None,
    ) -> None:
        super().__init__(name=f"depositor-{number}", daemon=True)
        self.visitor = Visitor(address, patience=600)  # a busy machine
        self.number, self.outcome, self.rng, self.most = number, outcome, rng, most
        self.is_over = threading.Event()
        self.supplier = supplier or of_the_demonstration(number)
        self.failure = ""
        self.serial = 0

    def run(self) -> None:
        try:
            self.visitor.log_in(self.supplier.email, self.supplier.password)
            while not self.is_over.is_set():
                self.serial += 1
                try:
                    (self.deposit_flow if self.rng.random() < 0.35 else self.deposit_pdf)()
                except AssertionError:
                    if not self.visitor.is_logged_out:
                        raise
                    self.visitor.log_in(self.supplier.email, self.supplier.password)
        except GaveUp as gave_up:
            self.failure = str(gave_up)
        except Exception as error:  # noqa: BLE001 - told by the campaign
            self.failure = f"{type(error).__name__}: {error}"
        self.outcome.unanswered += self.visitor.unanswered
        self.outcome.unavailable += self.visitor.unavailable
        self.outcome.server_errors += self.visitor.server_errors

    def deposit_pdf(self) -> None:
        number = f"P{self.number}-{self.serial:05d}"
        amount = f"{100 + self.serial},00"
        paper = PrintedInvoice(
            number=number,
            day="03/11/2026",
            seller=self.supplier.name,
            seller_address="3 venelle des Potiers",
            seller_siret=self.supplier.siret,
            buyer="Mairie",
            buyer_siret=self.supplier.town,
            commitment="EJ-2026-1",
            object=f"Dessin {self.serial}",
            amount=amount,
            iban="",
        )
        content = print_invoice(paper)
        seller = self._only_choice("/deposer/", "seller")
        draft = self._hand_in("/deposer/", {"seller": seller}, ("facture.pdf", content)).path
        fields = {
            "buyer": self.supplier.town, "commitment": "EJ-2026-1", "number": number, "type_code": "380",
            "issue_date": "03/11/2026", "vat_regime": "SANS_TVA", "tax_exclusive_amount": amount, "tax_amount": "0",
            "tax_inclusive_amount": amount, "payable_amount": amount, "currency": "EUR", "billing_framework": "A1",
            "buyer_service": "", "bank_account": "", "contract": "", "preceding_number": "", "comment": "",
            "go": "check",
        }  # fmt: skip
        checked = self.visitor.post(draft, fields)
        if not checked.path.endswith("/verifier/"):
            raise AssertionError(f"{number}: {checked.status} at {checked.path}")
        seen = re.search(r'name="revision" value="(\d+)"', checked.text)
        sent = self.visitor.post(f"{draft}envoyer/", {"revision": seen[1] if seen else ""})
        if not sent.path.endswith("/envoyee/"):
            raise AssertionError(f"{number}: not sent, {sent.status} at {sent.path}")
        uid = draft.strip("/").split("/")[-1]
        self.outcome.acknowledged.deposits[uid] = (number, hashlib.sha256(content).hexdigest())
        self.outcome.acknowledged.at[uid] = time.time()

    def deposit_flow(self) -> None:
        count, bad = self.rng.randint(1, self.most), 0
        good, files = {}, {}
        for n in range(count):
            number = f"F{self.number}-{self.serial:05d}-{n:03d}"
            if self.rng.random() < 0.1:
                bad += 1
                files[f"{n}.xml"] = invoice(number, seller=self.supplier.siret, buyer="99999999999999")
            else:
                xml = invoice(number, seller=self.supplier.siret, buyer=self.supplier.town, commitment="EJ-1")
                good[number] = hashlib.sha256(xml).hexdigest()
                files[f"{n}.xml"] = xml
        content = archive(files)
        structure = self._only_choice("/flux/deposer/", "structure")
        shown = self._hand_in("/flux/deposer/", {"structure": structure}, ("lot.tar.gz", content))
        uid = shown.path.strip("/").split("/")[-1]
        if len(uid) != 36:
            raise AssertionError(f"flow {self.serial}: {shown.status} at {shown.path}")
        self.outcome.acknowledged.flows[uid] = Lot(hashlib.sha256(content).hexdigest(), good, bad)
        self.outcome.acknowledged.at[uid] = time.time()

    def _hand_in(self, path: str, fields: dict[str, str], file: tuple[str, bytes]) -> Answer:
        """A reader that was killed over a file, or an antivirus that is away, is told on the page (422): people hand
        the file in again.
        """
        deadline = time.monotonic() + 600
        while True:
            shown = self.visitor.post(path, fields, file=file)
            if shown.status != 422 or time.monotonic() > deadline:
                return shown
            self.outcome.not_taken += 1
            time.sleep(0.2)

    def _only_choice(self, path: str, field: str) -> str:
        page = self.visitor.get(path)
        marked = page.text.partition(f'name="{field}" value="')[2]
        if not marked:
            raise AssertionError(f"no {field} on {page.path} ({page.status})")
        return marked.partition('"')[0]
