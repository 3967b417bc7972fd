"""The disposable reader, with real processes: what it refuses, what it survives, what its children can reach."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from plainchant.capture.pdf import A4
from plainchant.capture.proposal import FieldReading
from plainchant.einvoice.syntaxes.cii.read import GRAMMAR
from plainchant.einvoice.syntaxes.ubl.read import NAMESPACES
from plainchant.reader import landlock, sandbox
from plainchant.reader.child import MAX_FINDINGS
from plainchant.reader.documents import open_workbook
from plainchant.reader.flows import kind_of
from plainchant.reader.reasons import PICTURE_SENTENCES, SENTENCES, WORKBOOK_SENTENCES
from plainchant.reader.sandbox import FailureReason, Pool, ReaderFailed, read_pdf, render_page
from plainchant.shapes import from_json
from tests.capture.hostile import endless_drawing, locked, many_pages, memory_bomb, one_page, pdf_of, picture
from tests.capture.samples import SAMPLES
from tests.capture.workbooks import LAYOUTS, as_xlsx, book_of
from tests.reader.probe import inside, surroundings, zygote

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
INVOICE = SAMPLES["small firm, two columns, footer"].pdf


@pytest.fixture(scope="module", autouse=True)
def _a_reader_of_our_own() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        sandbox.close()  # that of another module
        patch.setattr(sandbox, "_ZYGOTE", zygote())
        yield
        sandbox.close()


def has_landlock() -> bool:
    """Whether this kernel can shut files to a process."""
    return landlock.version() >= landlock.FILES


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", FailureReason.EMPTY),
        (b"MZ this is a program", FailureReason.NOT_A_PDF),
        (b"<html>" + b" " * 2000 + b"%PDF-1.7", FailureReason.NOT_A_PDF),
        (INVOICE[: len(INVOICE) // 5], FailureReason.UNREADABLE),
        (locked(), FailureReason.PASSWORD),
        (many_pages(501), FailureReason.TOO_MANY_PAGES),
        (one_page(b"", media_box=b"[0 0 99999999 99999999]"), FailureReason.TOO_LARGE),
        (pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 999999999 >>"]),
         FailureReason.UNREADABLE),
    ],
    ids=["empty", "program", "late header", "truncated", "locked", "501 pages", "huge page", "loop"],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(data: bytes, reason: FailureReason) -> None:
    with pytest.raises(ReaderFailed) as refusal:
        read_pdf(data)
    assert refusal.value.reason is reason


def test_every_reason_has_its_sentence_that_says_how_to_mend_it() -> None:
    assert set(SENTENCES) == set(FailureReason)
    for sentence in [*SENTENCES.values(), *WORKBOOK_SENTENCES.values(), *PICTURE_SENTENCES.values()]:
        assert sentence.count(". ") + sentence.count(" : ") >= 1
        assert sentence.endswith(".")


def test_a_bomb_takes_its_child_with_it_and_nothing_else() -> None:
    before = surroundings()["zygote"]
    with pytest.raises(ReaderFailed) as refusal:
        read_pdf(memory_bomb())
    assert refusal.value.reason in (FailureReason.CRASHED, FailureReason.TOO_LARGE)
    assert surroundings()["zygote"] == before


def test_an_endless_file_is_stopped_at_the_time_given_and_its_child_is_gone() -> None:
    zygote = surroundings()["zygote"]
    started = time.monotonic()
    with pytest.raises(ReaderFailed) as refusal:
        read_pdf(endless_drawing(), seconds=0.5)
    assert refusal.value.reason is FailureReason.TIMEOUT
    assert time.monotonic() - started < 1.5
    children = Path(f"/proc/{zygote}/task/{zygote}/children")
    for _ in range(40):
        if not children.read_text().split():
            break
        time.sleep(0.05)
    assert children.read_text().split() == []


def test_a_senseless_answer_counts_as_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    for body in (b"not json", b"[]", b"{}", b'{"reading": {"fields": 3}}', b"[" * 100_000):
        monkeypatch.setattr(sandbox, "ask", lambda *_, body=body, **__: body)
        with pytest.raises(ReaderFailed) as refusal:
            read_pdf(INVOICE)
        assert refusal.value.reason is FailureReason.CRASHED
        with pytest.raises(ReaderFailed):
            render_page(INVOICE, page=1, width_px=100)


FAULTY_LINE = (
    "<ram:IncludedSupplyChainTradeLineItem><ram:SpecifiedLineTradeSettlement>"
    "<ram:ApplicableTradeTax><ram:RateApplicablePercent>x</ram:RateApplicablePercent></ram:ApplicableTradeTax>"
    "</ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>"
)


def of_faulty_lines(count: int) -> bytes:
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in GRAMMAR.namespaces.items())
    lines = f"<rsm:SupplyChainTradeTransaction>{FAULTY_LINE * count}</rsm:SupplyChainTradeTransaction>"
    return f"<rsm:CrossIndustryInvoice {names}>{lines}</rsm:CrossIndustryInvoice>".encode()


def of_long_names(count: int) -> bytes:
    """Amounts with three decimals below an element whose name is as long as the parser takes."""
    name = "x" * 49_000
    amounts = '<cbc:Amount currencyID="x">1.001</cbc:Amount>' * count
    names = " ".join(f'xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in ("ubl", "cbc"))
    return f"<ubl:Invoice {names}><{name}>{amounts}</{name}></ubl:Invoice>".encode()


def of_long_numbers(count: int) -> bytes:
    unit = (
        f"<CPPFactureMixteUnitaire><DonneesFacture><Id>{'9' * 20_000}</Id></DonneesFacture></CPPFactureMixteUnitaire>"
    )
    return f"<CPPFactureMixte><CPPFactures>{unit * count}</CPPFactures></CPPFactureMixte>".encode()


@pytest.mark.parametrize(
    "data",
    [of_faulty_lines(2_100), of_long_names(200), of_long_numbers(400)],
    ids=["2,100 faulty lines", "long names", "long numbers"],
)
def test_however_much_is_wrong_with_an_invoice_the_answer_is_short(data: bytes) -> None:
    answer = sandbox.check_invoice(data, at=date(2026, 11, 3))
    assert answer["verdict"] == "refused"
    assert max(len(layer["findings"]) for layer in answer["layers"]) <= MAX_FINDINGS
    assert 0 < max(len(channel["why"]) for channel in answer["channels"].values()) <= MAX_FINDINGS


def test_an_answer_above_the_cap_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MAX_JSON_BYTES", 100)
    with pytest.raises(ReaderFailed) as refusal:
        read_pdf(INVOICE)
    assert refusal.value.reason is FailureReason.TOO_LARGE


def test_a_page_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ReaderFailed) as refusal:
        render_page(INVOICE, page=2, width_px=100)
    assert refusal.value.reason is FailureReason.NO_SUCH_PAGE


def test_a_drawing_of_too_many_pixels_is_refused() -> None:
    with pytest.raises(ReaderFailed) as refusal:
        render_page(INVOICE, page=1, width_px=20_000)
    assert refusal.value.reason is FailureReason.TOO_LARGE


def test_pages_are_counted_and_sized_as_displayed_without_being_read() -> None:
    assert sandbox.page_sizes(many_pages(7), most=3) == (7, [(595.0, 842.0)] * 3)
    (size,) = sandbox.page_sizes(one_page(b"", media_box=b"[0 0 400 200]"), most=3)[1]
    assert size == (400.0, 200.0)
    turned = one_page(b"", media_box=b"[0 0 400 200]").replace(b"/MediaBox", b"/Rotate 90 /MediaBox")
    assert sandbox.page_sizes(turned, most=3) == (1, [(200.0, 400.0)])


@pytest.mark.parametrize("media_box", [b"[0 0 99999999 99999999]", b"[0 0 10 9999]"], ids=["huge", "slender"])
def test_a_page_that_could_not_be_drawn_has_the_size_of_a_sheet(media_box: bytes) -> None:
    assert sandbox.page_sizes(one_page(b"", media_box=media_box), most=3) == (1, [A4])


@pytest.mark.parametrize("data", [b"", b"MZ", locked(), many_pages(501)], ids=["empty", "program", "locked", "501"])
def test_what_is_no_readable_pdf_is_not_counted(data: bytes) -> None:
    with pytest.raises(ReaderFailed):
        sandbox.page_sizes(data, most=3)


def test_a_senseless_count_counts_as_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = ("[]", "[[1, 2], [3, 4]]", "[[1]]", "[[NaN, 2]]", "[[0, 2]]", "[[1e300, 2]]", '["ab"]', "null")
    for body in ("not json", "[]", "{}", *(f'{{"count": 1, "sizes": {told}}}' for told in sizes)):
        monkeypatch.setattr(sandbox, "ask", lambda *_, body=body, **__: body.encode())
        with pytest.raises(ReaderFailed) as refusal:
            sandbox.page_sizes(INVOICE, most=3)
        assert refusal.value.reason is FailureReason.CRASHED


def test_an_invoice_is_read_from_bytes_and_from_a_path(tmp_path: Path) -> None:
    path = tmp_path / "facture.pdf"
    path.write_bytes(INVOICE)
    answer = read_pdf(path)
    assert answer == read_pdf(INVOICE)
    assert (answer["page_count"], answer["has_text"], answer["reading"]["warnings"]) == (1, True, [])
    (page,) = answer["pages"]
    size = (page["width_pt"], page["height_pt"])
    assert size == (pytest.approx(595.3, abs=0.5), pytest.approx(842, abs=0.5))
    (word,) = [word for word in page["words"] if word[0] == "FA-2026-0231"]
    _, x0, y0, x1, y1 = word
    assert 0 < x0 < x1 < 1
    assert 0 < y0 < y1 < 1
    assert from_json(FieldReading, answer["reading"]).fields["number"].value == "FA-2026-0231"


def test_a_scan_is_an_answer_not_a_failure() -> None:
    answer = read_pdf(picture())
    assert answer["has_text"] is False
    assert answer["reading"]["warnings"] == ["image_only"]


def test_a_page_comes_back_as_a_picture() -> None:
    assert render_page(INVOICE, page=1, width_px=400).startswith(b"\x89PNG")


def test_eight_threads_are_served_at_once_good_files_and_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sandbox._SECONDS_IN_QUEUE, Pool.PEOPLE, 60.0)  # whatever else this machine does

    def work(turn: int) -> str:
        if turn % 4 == 3:
            with pytest.raises(ReaderFailed) as refusal:
                read_pdf(locked())
            return refusal.value.reason.value
        return str(read_pdf(INVOICE)["reading"]["fields"]["number"]["value"])

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(work, range(48)))
    assert answers == ["FA-2026-0231", "FA-2026-0231", "FA-2026-0231", "password"] * 12


def test_strangers_take_no_place_of_a_depositor() -> None:
    """Their places are all taken, and more wait: they are told so; whoever has an account is read at once."""

    def stranger(data: bytes) -> FailureReason | None:
        try:
            sandbox.ask("read", data, {}, seconds=20, max_bytes=sandbox.MAX_JSON_BYTES, pool=Pool.STRANGERS)
        except ReaderFailed as failed:
            return failed.reason
        return None

    with ThreadPoolExecutor(8) as threads, pytest.MonkeyPatch.context() as patch:
        patch.setitem(sandbox._SECONDS_IN_QUEUE, Pool.STRANGERS, 0.1)
        places = sandbox._state.places[Pool.STRANGERS]
        taken = [places.acquire(blocking=False) for _ in range(sandbox._PLACES[Pool.STRANGERS])]
        assert all(taken)  # by files that are still being read
        waiting = [threads.submit(stranger, INVOICE) for _ in range(6)]
        assert read_pdf(INVOICE)["page_count"] == 1
        assert [answer.result() for answer in waiting] == [FailureReason.BUSY] * 6
    for _ in range(sandbox._PLACES[Pool.STRANGERS]):
        places.release()
    assert stranger(INVOICE) is None


def test_a_zygote_that_was_killed_is_replaced_without_anyone_noticing() -> None:
    first = surroundings()
    os.kill(first["zygote"], signal.SIGKILL)
    assert read_pdf(INVOICE)["page_count"] == 1
    assert surroundings()["zygote"] != first["zygote"]
    assert not Path(first["folder"]).exists()


COMPILED_IN_A_CHILD = """
import re._compiler
from base64 import b64decode
from plainchant.reader.child import TASKS

answer, compiled = [], re._compiler.compile

def noted(pattern, *arguments):
    answer.append(str(pattern))
    return compiled(pattern, *arguments)

re._compiler.compile = noted
for page in {pages!r}:
    TASKS["read"](b64decode(page))
"""


def test_a_child_finds_its_patterns_compiled() -> None:
    pages = [b64encode(sample.pdf).decode() for sample in list(SAMPLES.values())[::4]]
    assert inside(COMPILED_IN_A_CHILD.format(pages=pages)) == []


def test_a_request_under_way_when_the_zygote_dies_is_asked_again() -> None:
    first = surroundings()["zygote"]
    # The endless file is still being read when the zygote goes: asked again, it meets its time-out, not a crash.
    killer = threading.Timer(0.3, os.kill, (first, signal.SIGKILL))
    killer.start()
    with pytest.raises(ReaderFailed) as refusal:
        read_pdf(endless_drawing(), seconds=1.0)
    killer.join()
    assert refusal.value.reason is FailureReason.TIMEOUT
    assert surroundings()["zygote"] != first


def test_a_workbook_is_drawn_where_temporary_files_are_root_s_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    sandbox.close()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    try:
        assert open_workbook(as_xlsx(book_of(LAYOUTS["credit note"])), title="x", at=NOON).pages
    finally:
        sandbox.close()


def test_what_a_flow_holds_is_asked_again_when_the_zygote_goes_under_way() -> None:
    zygote = surroundings()["zygote"]
    os.kill(zygote, signal.SIGSTOP)  # the question is on its way and nobody has taken it
    killer = threading.Timer(0.2, os.kill, (zygote, signal.SIGKILL))
    killer.start()
    with tempfile.TemporaryFile() as file:
        file.write(b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>")
        file.flush()
        assert kind_of(document=nullcontext(file)).interface
    killer.join()
    assert surroundings()["zygote"] != zygote


def test_a_child_sees_no_secret_no_network_no_file_of_ours_and_no_django(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PLAINCHANT_SECRET_KEY", "a secret")
    sandbox.close()  # the next zygote is started with the secret in our environment
    inside = surroundings()
    assert set(inside["environment"]) <= {
        *"LANG PYTHONPATH LC_CTYPE RAYON_NUM_THREADS OMP_NUM_THREADS OPENBLAS_NUM_THREADS".split()
    }
    assert inside["has_django"] is False
    assert inside["routes"] == []
    assert sorted(target.split(":")[0] for target in inside["descriptors"] if target) == [
        "/dev/null",
        "/dev/null",
        "/dev/null",
        "socket",
    ]
    assert Path(inside["folder"]) != Path.cwd()


def test_a_child_has_left_the_network_of_the_machine() -> None:
    ours = {line.split(":")[0].strip() for line in Path("/proc/net/dev").read_text().splitlines()[2:]}
    if ours == {"lo"}:
        pytest.skip("this machine has no network interface to leave")
    if subprocess.run(["unshare", "-Urn", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this kernel lets no one leave the network")
    assert surroundings()["interfaces"] == ["lo"]


def test_a_child_has_its_limits() -> None:
    assert surroundings()["limits"] == {
        "AS": 1 << 30,
        "CPU": 20,
        "FSIZE": 64 << 20,
        "NOFILE": 64,
        "CORE": 0,
    }


def test_a_listening_socket_of_the_server_is_not_passed_on() -> None:
    sandbox.close()
    with socket.create_server(("127.0.0.1", 0)) as server:
        os.set_inheritable(server.fileno(), True)
        inode = str(Path(f"/proc/self/fd/{server.fileno()}").readlink())
        assert inode not in surroundings()["descriptors"]


def test_closing_leaves_neither_process_nor_folder() -> None:
    inside = surroundings()
    sandbox.close()
    assert not Path(f"/proc/{inside['zygote']}").exists()
    assert not Path(inside["folder"]).exists()


def test_the_zygote_goes_when_its_server_is_killed() -> None:
    script = (
        "import json, time\n"
        "from plainchant.reader import sandbox\n"
        "from tests.reader.probe import inside, surroundings, zygote\n"
        "sandbox._ZYGOTE = zygote()\n"
        "print(json.dumps(surroundings()), flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        inside = json.loads(server.stdout.readline())
        server.kill()
    for _ in range(60):
        if not Path(inside["folder"]).exists() and not Path(f"/proc/{inside['zygote']}/exe").exists():
            break
        time.sleep(0.05)
    assert not Path(inside["folder"]).exists()


def test_readers_that_do_not_come_up_say_nothing_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox.close()
    monkeypatch.setattr(sandbox, "_ZYGOTE", ("-c", ""))
    with pytest.raises(ReaderFailed) as refusal:
        sandbox.ask("read", INVOICE, {}, seconds=10, max_bytes=1000)
    assert refusal.value.reason is FailureReason.BUSY


def test_a_forked_server_gets_a_zygote_of_its_own() -> None:
    script = (
        "import os, sys\n"
        "from plainchant.reader import sandbox\n"
        "from tests.reader.probe import inside, surroundings, zygote\n"
        "sandbox._ZYGOTE = zygote()\n"
        "ask = lambda: surroundings()['zygote']\n"
        "mine = ask()\n"
        "pid = os.fork()\n"
        "theirs = ask()\n"
        "if pid == 0:\n"
        "    sandbox.close(); os._exit(0 if theirs != mine else 3)\n"
        "status = os.waitpid(pid, 0)[1]\n"
        "assert ask() == mine == theirs\n"
        "sys.exit(os.waitstatus_to_exitcode(status))\n"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, b"")


UNPRIVILEGED = """
import sys
from plainchant.einvoice.drawing.threads import start_threads
from plainchant.reader import document_child, walls
from plainchant.reader.loading import load
book = sys.stdin.buffer.read()
load()  # the next user may not be able to read any of our files
walls.raise_own(walls.ChildLimits(seconds=20), is_apart=True, starting=[start_threads])
sys.stdout.buffer.write(document_child.workbook(book, title="x", at="2026-11-02")[-8:])
"""


def test_a_page_is_drawn_even_where_the_portal_is_not_root() -> None:
    """The limit on processes counts threads for anyone but root, and typst cannot do without."""
    book = as_xlsx(book_of(LAYOUTS["credit note"]))
    command = [sys.executable, "-c", UNPRIVILEGED]
    # From a folder that everyone may enter, as a reader's own folder is its own: the checkout may be closed to others.
    done = subprocess.run(command, input=book, capture_output=True, timeout=60, check=True, cwd="/")
    assert b"%%EOF" in done.stdout
