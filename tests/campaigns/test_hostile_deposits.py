"""Hostile and broken files through the deposit page and the flow page: a sentence each, and nothing else happens.

A slice of the mutations runs with the suite. All of them, each through both pages:
PLAINCHANT_TEST_HOSTILE=2000 python -m pytest -s tests/campaigns/test_hostile_deposits.py
"""

from __future__ import annotations

import io
import os
import random
import re
import resource
import tempfile
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils.html import escape

from plainchant.portal.drafts.models import DocumentReading, Draft
from plainchant.portal.drops import reading
from plainchant.portal.drops.models import DroppedFile
from plainchant.portal.flows.models import Flow, FlowInvoice
from plainchant.portal.flows.operations import process
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.time import now
from plainchant.portal.mail.models import Message
from plainchant.reader import sandbox
from tests.campaigns.hostile import CANARY, Hostile, by_hand, mutated
from tests.capture.letters import as_docx, as_odt
from tests.capture.test_letters import a_mail
from tests.capture.test_pictures import LYING
from tests.making import a_member, a_structure, a_town, an_invoice_pdf
from tests.portal.flows.archives import archive, zipped
from tests.web.verify.invoices import invoice

MUTATIONS = int(os.environ.get("PLAINCHANT_TEST_HOSTILE", "24"))
SEED = 20261126
LONGEST = 30.0  # seconds by the clock: a reader has 20, and other work goes on beside it
LARGEST = 1 << 20  # KiB: no reader is bigger than a gibibyte
_SENTENCE = re.compile(r"[A-ZÉÀ«].{20,}[.!?]$", re.DOTALL)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@dataclass
class Record:
    """What became of the files."""

    answers: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    slowest_file: str = ""
    breaches: list[str] = field(default_factory=list)


class Door:
    """The two pages, a supplier in front of them, and what must not happen behind them."""

    def __init__(self, client: Client, folder: Path) -> None:
        at = now()
        self.seller = a_structure(at=at)
        self.town = a_town(at=at)
        self.client = client
        client.raise_request_exception = False
        client.force_login(a_member(structure=self.seller, at=at))
        self.record = Record()
        self.secret = f"secret-{uuid.uuid4().hex}"
        self.secret_path = folder / "secret.txt"
        self.secret_path.write_text(self.secret)
        self.folder = folder

    def try_one_or_both(self, file: Hostile, number: int) -> None:
        """Through one of the doors with the suite, through both in the campaign."""
        if MUTATIONS >= 2_000 or number % 2:
            self.deposit(file)
        if MUTATIONS >= 2_000 or not number % 2:
            self.send(file)

    def deposit(self, file: Hostile) -> None:
        answer = self._post("/deposer/", "seller", file)
        if answer is not None and answer.status_code == 302:
            for dropped in DroppedFile.objects.filter(state=DroppedFile.State.WAITING).order_by("pk"):
                begun = time.monotonic()
                reading.read(file=dropped, at=now())  # a file of an archive is read behind the page
                self._clock(file, time.monotonic() - begun)
            self._read(file, answer["Location"])

    def send(self, file: Hostile) -> None:
        answer = self._post("/flux/deposer/", "structure", file)
        if answer is None or answer.status_code != 302:
            return
        flow = Flow.objects.latest("pk")
        begun = time.monotonic()
        while not process(flow=flow, at=now()):
            flow.refresh_from_db()
        self._clock(file, time.monotonic() - begun)
        flow.refresh_from_db()
        silent = [row for row in FlowInvoice.objects.filter(flow=flow, invoice=None) if not row.findings]
        if silent or not (flow.accepted or flow.refused or flow.trouble):
            self._breach(file, "refused without a word")
        self._read(file, answer["Location"])
        self._read(file, f"{answer['Location']}compte-rendu.csv")

    def _post(self, path: str, who: str, file: Hostile):
        begun = time.monotonic()
        # Django's test client writes the name into a header itself: what no browser could send, it cannot either.
        name = file.name.replace("\n", " ").replace("\0", "")
        sent = SimpleUploadedFile("x", file.content)
        sent._name = name  # as sent: SimpleUploadedFile keeps the last part only
        answer = self.client.post(path, {who: str(self.seller.uid), "file": sent})
        self._clock(file, time.monotonic() - begun)
        self.record.answers[f"{path} {answer.status_code}"] += 1
        if answer.status_code not in (302, 422):
            self._breach(file, f"{path} answered {answer.status_code}")
            return None
        text = answer.content.decode()
        if answer.status_code == 422:
            told = [str(error) for errors in answer.context["form"].errors.values() for error in errors]
            if not told or not all(_SENTENCE.match(one) and escape(one) in text for one in told):
                self._breach(file, f"{path} says only {told}")
        self._look_for_the_secret(file, text)
        return answer

    def _read(self, file: Hostile, path: str) -> None:
        answer = self.client.get(path)
        if answer.status_code != 200:
            self._breach(file, f"{path} answered {answer.status_code}")
        else:
            self._look_for_the_secret(file, answer.content.decode())

    def _clock(self, file: Hostile, seconds: float) -> None:
        if seconds > self.record.slowest:
            self.record.slowest, self.record.slowest_file = seconds, file.what
        if seconds > LONGEST:
            self._breach(file, f"took {seconds:.0f} s")

    def _look_for_the_secret(self, file: Hostile, text: str) -> None:
        if self.secret in text or "root:x:0:0" in text:
            self._breach(file, "shows a file of the server")

    def _breach(self, file: Hostile, what: str) -> None:
        self.record.breaches.append(f"{file.what} ({file.name[:40]}): {what}")

    def close(self) -> None:
        """What was left behind: in the folders, in the database, and how big the biggest reader was."""
        sandbox.close()
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        if largest > LARGEST:
            self.record.breaches.append(f"a reader took {largest >> 10} MiB")
        for place in self._written():
            self.record.breaches.append(f"{place} was written")
        kept = [
            *Invoice.objects.values_list("document", "number"),
            *Draft.objects.values_list("typed", "composed"),
            *DocumentReading.objects.values_list("result", "pages"),
            *FlowInvoice.objects.values_list("findings", "name"),
            *Flow.objects.values_list("trouble", "name"),
            *Message.objects.values_list("subject", "body"),
        ]
        if any(self.secret in str(row) for row in kept):
            self.record.breaches.append("the database holds a file of the server")
        for place in (self.folder / "documents").rglob("*"):
            if place.is_file() and self.secret.encode() in place.read_bytes():
                self.record.breaches.append(f"{place} holds a file of the server")
        told = ", ".join(f"{answer}: {count}" for answer, count in sorted(self.record.answers.items()))
        print(  # noqa: T201 - shown by pytest -s
            f"\n{told}\nslowest {self.record.slowest:.1f} s ({self.record.slowest_file}); "
            f"largest reader {largest >> 10} MiB; breaches {len(self.record.breaches)}"
        )

    def _written(self) -> list[Path]:
        """Files outside the document store that were not there before."""
        around = [self.folder, Path.cwd(), Path("/tmp"), Path("/"), Path.home()]  # noqa: S108
        found = {place for folder in around for place in folder.glob(f"*{CANARY}*")}
        found |= set((self.folder / "tmp").rglob("*"))
        allowed = {"documents", "tmp", "secret.txt"}
        found |= {place for place in self.folder.iterdir() if place.name not in allowed}
        found |= {
            place
            for place in (self.folder / "documents").rglob("*")
            if place.is_file() and not re.fullmatch("[0-9a-f]{32}", place.name)
        }
        return sorted(found)


@pytest.fixture
def door(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Temporary files go to a folder of the test's own, the readers' too."""
    (tmp_path / "tmp").mkdir()
    sandbox.close()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    made = Door(client, tmp_path)
    yield made
    sandbox.close()


def test_what_is_made_to_harm_gets_a_sentence(door: Door) -> None:
    for number, file in enumerate(by_hand(secret_path=str(door.secret_path), honest_pdf=an_invoice_pdf())):
        door.try_one_or_both(file, number)
    door.close()
    assert door.record.breaches == []
    assert connection.is_usable()


def test_what_is_broken_gets_a_sentence(door: Door) -> None:
    for number, file in enumerate(mutated(honest(door), count=MUTATIONS, seed=SEED)):
        door.try_one_or_both(file, number)
        if number % 100 == 99:
            print(f"{number + 1}: {len(door.record.breaches)} breaches")  # noqa: T201
    door.close()
    assert door.record.breaches == []


def honest(door: Door) -> dict[str, bytes]:
    """One good file of each kind, between structures that exist."""
    pytest.importorskip("xlsxwriter")
    import xlsxwriter
    from PIL import Image

    from plainchant.einvoice.drawing.draw import draw
    from plainchant.einvoice.profiles import PROFILE_OF
    from plainchant.einvoice.syntaxes.cii.write import write
    from plainchant.einvoice.verdict import check
    from plainchant.portal.lib.time import day_in_paris

    at = now()
    ubl = invoice("M-1", seller=door.seller.identifier, buyer=door.town.identifier)
    reading = check(ubl, at=day_in_paris(at), layers=("wellformed",)).reading
    assert reading is not None
    cii = write(reading.invoice, profile=PROFILE_OF["EN 16931"])
    sheet = io.BytesIO()
    with xlsxwriter.Workbook(sheet, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for row, (label, value) in enumerate([("Facture n°", "M-1"), ("Total HT", 100), ("Total TTC", 120)]):
            page.write(row, 0, label)
            page.write(row, 1, value)
    files = {
        "facture.pdf": an_invoice_pdf(seller=door.seller.identifier, buyer=door.town.identifier),
        "factur-x.pdf": draw(reading.invoice, at=at, xml=cii),
        "ubl.xml": ubl,
        "cii.xml": cii,
        "lot.zip": zipped({"a.xml": ubl, "b.xml": cii}),
        "lot.tar.gz": archive({"a.xml": ubl, "b.xml": cii}),
        "facture.xlsx": sheet.getvalue(),
        "facture.ods": zipped(
            {
                "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                "content.xml": b"<o:document-content xmlns:o='urn:oasis:names:tc:opendocument:xmlns:office:1.0'/>",
            }
        ),
    }
    noise = random.Random(3)
    picture = Image.frombytes("RGB", (200, 120), noise.randbytes(200 * 120 * 3))
    files |= {
        "facture.docx": as_docx(),
        "facture.odt": as_odt(),
        "courriel.eml": a_mail(("f.pdf", files["facture.pdf"])),
    }
    files["photo.heic"] = LYING
    for name, form in (("photo.jpg", "JPEG"), ("scan.png", "PNG"), ("fax.tif", "TIFF"), ("photo.webp", "WEBP")):
        out = io.BytesIO()
        picture.save(out, form)
        files[name] = out.getvalue()
    try:
        import xlwt
    except ImportError:
        return files
    old, out = xlwt.Workbook(), io.BytesIO()
    old.add_sheet("Facture").write(0, 0, "Facture n° M-1")
    old.save(out)
    return {**files, "facture.xls": out.getvalue()}
