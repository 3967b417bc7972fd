"""From what a layout makes to a PDF: HTML through WeasyPrint or Chromium, office documents through LibreOffice."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path

Job = tuple[str | bytes, Path]  # what the layout made, and where its PDF goes


def missing(tool: str) -> str:
    """The program or library without which this tool prints nothing, or an empty string."""
    needed, _ = TOOLS[tool]
    return needed()


def print_all(tool: str, jobs: Iterable[Job]) -> None:
    """Write the PDFs. Raises CalledProcessError where LibreOffice fails."""
    _, prints = TOOLS[tool]
    prints(tool, list(jobs))


def _nothing() -> str:
    return ""


def _weasyprint() -> str:
    return "" if find_spec("weasyprint") else "WeasyPrint"


def _chromium() -> str:
    if not find_spec("playwright"):
        return "Playwright"
    return "" if _chromium_path() else "Chromium"


def _chromium_path() -> str | None:
    return os.environ.get("PLAINCHANT_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


def _libreoffice() -> str:
    return "" if shutil.which("soffice") else "LibreOffice (soffice)"


def _write(tool: str, jobs: list[Job]) -> None:
    for pdf, path in jobs:
        path.write_bytes(_bytes(pdf))


def _by_weasyprint(tool: str, jobs: list[Job]) -> None:
    from weasyprint import HTML

    for html, path in jobs:
        HTML(string=html).write_pdf(path)


def _by_chromium(tool: str, jobs: list[Job]) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=_chromium_path(), args=["--no-sandbox"])
        tab = browser.new_page()
        for html, path in jobs:
            tab.set_content(_bytes(html).decode())
            tab.pdf(path=path, prefer_css_page_size=True)
        browser.close()


def _by_libreoffice(tool: str, jobs: list[Job]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        sources = [work / f"{path.stem}.{tool}" for _, path in jobs]
        for source, (document, _) in zip(sources, jobs, strict=True):
            source.write_bytes(_bytes(document))
        subprocess.run(
            [
                "soffice",
                "--headless",
                f"-env:UserInstallation=file://{work}/profile",
                *("--convert-to", "pdf", "--outdir", str(work / "out")),
                *map(str, sources),
            ],
            check=True,
            capture_output=True,
        )
        for _, path in jobs:
            shutil.move(work / "out" / path.name, path)


def _bytes(body: str | bytes) -> bytes:
    return body.encode() if isinstance(body, str) else body


TOOLS: dict[str, tuple[Callable[[], str], Callable[[str, list[Job]], None]]] = {  # what is missing; how to print
    "weasy": (_weasyprint, _by_weasyprint),
    "chromium": (_chromium, _by_chromium),
    "docx": (_libreoffice, _by_libreoffice),
    "xlsx": (_libreoffice, _by_libreoffice),
    "reportlab": (_nothing, _write),
    "fpdf": (_nothing, _write),
}
