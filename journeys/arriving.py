"""People who come to a portal that runs with their cookie, because logging in is the subject of other journeys.

Their world is made by a process of its own, with the settings of that portal: those of the tests are others.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from journeys.watching import watched

As = Callable[..., Page]
Made = tuple[dict[str, Any], dict[str, str]]  # people, and the addresses that the journeys begin at, by their names


def world_of(module: ModuleType, *, folder: Path, address: str) -> dict[str, Any]:
    """What ``module``, which calls `print_world`, has made in the portal on ``folder``: cookies and addresses."""
    settings = {"PLAINCHANT_DATA": str(folder), "PLAINCHANT_URL": address, "PATH": os.environ["PATH"]}
    making = [sys.executable, "-m", module.__name__]
    made = subprocess.run(making, env=settings, cwd=Path(__file__).parents[1], capture_output=True)
    assert made.returncode == 0, made.stderr.decode()
    return {**json.loads(made.stdout), "address": address}


def print_world(making: Callable[[], Made], *, unproved: str = "") -> None:
    """Print as JSON the cookie of each person, already logged in, and the addresses.

    ``unproved``: who is asked for another proof during the journeys; nobody else is.
    """
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "plainchant.config.settings"
    django.setup()
    from django.test import override_settings

    # Nobody here logs in with a password but the cast of the demonstration.
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        people, addresses = making()
    cookies = {name: _cookie(person, is_proved=name != unproved) for name, person in people.items()}
    sys.stdout.write(json.dumps({"addresses": addresses, "cookies": cookies}))


def _cookie(person: Any, *, is_proved: bool) -> str:
    from django.conf import settings
    from django.test import Client

    from tests.web.proving import proved

    client = Client()
    client.force_login(person)
    if is_proved:
        proved(client, ago=-3600)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@contextlib.contextmanager
def browsers(
    browser: Browser, options: dict[str, Any], world: dict[str, Any]
) -> Iterator[Callable[[str], BrowserContext]]:
    """The browser of each person of a world, once; somebody whom it does not know is not logged in."""
    opened: dict[str, BrowserContext] = {}

    def context_of(name: str) -> BrowserContext:
        if name not in opened:
            opened[name] = browser.new_context(**options, base_url=world["address"])
            if name in world["cookies"]:
                cookie = {"name": "sessionid", "value": world["cookies"][name], "url": world["address"]}
                opened[name].add_cookies([cookie])  # type: ignore[list-item]
        return opened[name]

    yield context_of
    for context in opened.values():
        context.close()


@contextlib.contextmanager
def pages(contexts: Callable[[str], BrowserContext]) -> Iterator[As]:
    """The page of each person; AssertionError at the end if the browser has complained on one of them."""
    opened: dict[str, Page] = {}

    def page_of(name: str, *, refused: str = "") -> Page:
        opened[name] = watched(contexts(name).new_page(), refused=refused)
        return opened[name]

    yield page_of
    for page in opened.values():
        assert page.complaints == []  # type: ignore[attr-defined]
        page.close()
