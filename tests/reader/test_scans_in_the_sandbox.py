"""Scans in the disposable reader, with real processes: one at a time, within limits, a sentence for what fails."""

from __future__ import annotations

import importlib.util
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from plainchant.capture import engines, ocr
from plainchant.capture.proposal import FieldReading
from plainchant.reader import sandbox
from plainchant.reader.reasons import FailureReason, ReaderFailed
from plainchant.reader.sandbox import read_pdf
from plainchant.reader.scans import is_wanted, read_scan
from plainchant.reader.turn import turn
from plainchant.shapes import from_json
from tests.capture.samples import SAMPLES
from tests.capture.scans import as_pdf, grainy, page_of, scanned

ARTIST = SAMPLES["artist, one column, no VAT"]
SCAN = scanned(page_of(ARTIST.pdf, dpi=150), turned=1.1, noise=10).jpeg


@pytest.fixture(scope="module", autouse=True)
def _no_reader_left_behind() -> Iterator[None]:
    yield
    sandbox.close()


@pytest.fixture
def _engine() -> None:
    """Looked for in this process: the child looks in its own way, behind its walls, and must find the same."""
    if importlib.util.find_spec("rapidocr") is None and engines.tesseract() is None:
        pytest.skip("neither Tesseract with its French data nor RapidOCR is installed here")


@contextmanager
def another_at_work(file: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    """Another process that has its turn until it is killed or told to end."""
    where = "" if file is None else f", file=Path({str(file)!r})"
    code = (
        "import sys\nfrom pathlib import Path\nfrom plainchant.reader.turn import turn\n"
        f"with turn(seconds=60{where}) as held:\n    print('held' if held is not None else 'no', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    holder = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder
    finally:
        holder.kill()
        holder.communicate()


class TestTurn:
    def test_two_processes_never_have_it_together(self, tmp_path: Path) -> None:
        file = tmp_path / "turn"
        file.touch()
        with another_at_work(file), turn(seconds=0, file=file) as held:
            assert held is None
        with turn(seconds=0, file=file) as held:
            assert held is not None
            with turn(seconds=0, file=file) as again:  # nor two threads of one process
                assert again is None

    def test_a_killed_holder_gives_it_back(self, tmp_path: Path) -> None:
        file = tmp_path / "turn"
        file.touch()
        with another_at_work(file) as holder:
            holder.send_signal(signal.SIGKILL)
            holder.wait()
            with turn(seconds=0, file=file) as held:
                assert held is not None

    def test_it_is_held_as_long_as_one_it_was_lent_to_lives(self, tmp_path: Path) -> None:
        file = tmp_path / "turn"
        file.touch()
        with turn(seconds=0, file=file) as held:
            assert held is not None
            borrower = subprocess.Popen(
                [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE, pass_fds=(held,)
            )
        with turn(seconds=0, file=file) as other:
            assert other is None
        borrower.communicate()
        with turn(seconds=0, file=file) as other:
            assert other is not None

    def test_a_scan_waits_for_its_turn_and_says_when_it_has_not_come(self) -> None:
        with turn(seconds=120) as held:
            assert held is not None
            with pytest.raises(ReaderFailed) as failed:
                read_scan(SCAN, patience=0)
        assert failed.value.reason is FailureReason.BUSY


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", FailureReason.EMPTY),
            (b"GIF89a", FailureReason.NOT_A_PICTURE),
            (b"%PDF-1.7 and nothing else", FailureReason.UNREADABLE),
            (SCAN[:4000], FailureReason.UNREADABLE),
        ],
    )
    def test_what_cannot_be_read_is_told(self, data: bytes, reason: FailureReason) -> None:
        with pytest.raises(ReaderFailed) as failed:
            read_scan(data)
        assert failed.value.reason is reason

    def test_what_takes_too_long_is_ended_and_the_next_one_is_read(self) -> None:
        with pytest.raises(ReaderFailed) as failed:
            read_scan(SCAN, seconds=0.01)
        assert failed.value.reason is FailureReason.TIMEOUT
        with turn(seconds=30) as held:  # the child that was ended has given its turn back
            assert held is not None


class TestWanted:
    def test_pages_without_text_ask_for_it(self) -> None:
        assert is_wanted(read_pdf(as_pdf(SCAN))["reading"])

    def test_pages_of_text_do_not(self) -> None:
        for name in ("artist, one column, no VAT", "totals on the second page"):
            assert not is_wanted(read_pdf(SAMPLES[name].pdf)["reading"])


@pytest.mark.usefixtures("_engine")
class TestReading:
    def test_a_scanned_pdf_is_read_behind_the_walls(self) -> None:
        read = read_scan(as_pdf(SCAN))
        assert read.reason is None
        assert read.engine in ("RapidOCR", "Tesseract")
        reading = from_json(FieldReading, read.reading)
        assert reading.engine == read.engine
        assert reading.fields["number"].value == ARTIST.expected["number"]
        assert reading.warnings == ()
        assert len(read.pages[0]["words"]) > 40

    def test_a_photo_is_read_behind_the_walls(self) -> None:
        assert from_json(FieldReading, read_scan(SCAN).reading).fields["iban"].value == ARTIST.expected["iban"]

    def test_a_picture_of_nothing_is_told_within_the_memory_of_a_child(self, tmp_path: Path) -> None:
        place = tmp_path / "grain.jpg"
        grainy(Image.new("L", (4000, 3000), 128), 127).save(place, quality=70)
        read = read_scan(place)
        assert read.reason is ocr.ScanFailure.NOTHING_READ
        assert "lumière du jour" in read.sentence
