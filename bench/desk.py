"""What an invoice costs at the desk: keys, pages loaded and seconds in Chromium, « service fait » and « mandater ».

Run: python bench/desk.py [--invoices 50]. A portal of its own on this machine; the invoices came in a flow. A key is a
press of the keyboard; a page is a document that the browser loads. Each goal is printed « reached » or « missed ».
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from typing import Any

import deposit_growth
import scratch

NAME = "plainchant_bench_desk"
MOST_KEYS, MOST_PAGES = 4, 1
WITHOUT = (35, 4)  # keys and pages an invoice before there were letters


_ROWS_SEEN = """
[...document.querySelectorAll("[data-row]")].filter(row => row.getBoundingClientRect().bottom <= innerHeight).length"""


class Counted:
    """A page whose keys and loaded documents are counted."""

    def __init__(self, page: Any) -> None:
        self.page, self.keys, self.pages = page, 0, 0
        page.on("response", self._note)

    def _note(self, response: Any) -> None:
        request = response.request
        if request.is_navigation_request() and response.status == 200 and request.frame == self.page.main_frame:
            self.pages += 1

    def press(self, key: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key)

    def press_and_arrive(self, key: str) -> None:
        with self.page.expect_navigation(wait_until="load"):
            self.press(key)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--invoices", type=int, default=50, help="at most 50, of each kind")
    count = min(asked.parse_args().invoices, 50)
    chromium = os.environ.get("PLAINCHANT_TEST_CHROMIUM") or shutil.which("chromium-headless-shell")
    if not chromium:
        print("no Chromium: apt install chromium-headless-shell")
        return
    with scratch.portal(NAME):
        login, password = _agent()
        deposit_growth._cost(NAME, "desk")
        with Served() as base:
            _drive(base, chromium, login, password, count)


def _agent() -> tuple[str, str]:
    from plainchant.demo import cast
    from plainchant.portal.accounts.models import User
    from plainchant.portal.structures.models import Membership

    _, town, _ = scratch.parties()
    agent = User.objects.get(email=cast.TOWN_AGENT.email)
    Membership.objects.filter(user=agent).update(structure=town)
    return agent.email, cast.PASSWORD


class Served:
    """`plainchant run` on a free port, until the end of the block."""

    def __enter__(self) -> str:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "plainchant.cli", "run", "--no-demo", "--offline", "--port", str(port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        base = f"http://127.0.0.1:{port}"

        def answers() -> bool:
            try:
                with urllib.request.urlopen(f"{base}/health", timeout=2) as answer:  # noqa: S310 - our own
                    return bool(answer.status == 200)
            except OSError:
                return False

        scratch.wait_until(answers, seconds=120)
        return base

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


def _drive(base: str, chromium: str, login: str, password: str, count: int) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(base + "/compte/connexion/")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "connexion" not in url)
        page.goto(base + "/recues/")
        rows = page.locator("[data-row]")
        seen = page.evaluate(_ROWS_SEEN)
        print(
            f"{rows.count()} rows a page, {seen} of them on 1,366 × 768: {'reached' if seen >= 25 else 'missed (25)'}"
        )
        print(f"  {'before':14s} {WITHOUT[0]:5.1f} keys {WITHOUT[1]:5.1f} pages an invoice")
        for name, does in (("service fait", _service_done), ("mandater", _ordered)):
            page.goto(base + "/recues/")
            counted = Counted(page)
            begun = time.perf_counter()
            counted.press("j")
            counted.press_and_arrive("Enter")
            for _ in range(count):
                does(counted)
            seconds = (time.perf_counter() - begun) / count
            keys, pages = counted.keys / count, counted.pages / count
            ok = keys <= MOST_KEYS and pages <= MOST_PAGES + 1 / count
            said = "reached" if ok else "missed"
            print(f"  {name:14s} {keys:5.1f} keys {pages:5.1f} pages an invoice, {seconds:.2f} s, {said}")
        browser.close()


def _service_done(counted: Counted) -> None:
    counted.press_and_arrive("s")


def _ordered(counted: Counted) -> None:
    """Without a number: the keys of one are its own."""
    counted.press("m")
    counted.press_and_arrive("Enter")


if __name__ == "__main__":
    main()
