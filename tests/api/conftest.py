"""A supplier, a town, and the supplier's program, made once a module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from types import SimpleNamespace

import pytest
from django.core.cache import cache

from tests.api.calling import Program
from tests.making import a_member, a_program, a_structure, a_town, an_application


@pytest.fixture(scope="module")
def _built(once_a_module: Callable[[], AbstractContextManager[None]], at: datetime) -> SimpleNamespace:
    with once_a_module():
        seller, town = a_structure(at=at, name="Atelier Lumen"), a_town(at=at, name="Commune de Valbrume")
        manager = a_member(structure=seller, at=at, name="Ada", is_manager=True)
        agent = a_member(structure=town, at=at, name="Basile", is_manager=True)
        others = a_structure(at=at, name="Atelier Sol")
        a_member(structure=others, at=at, is_manager=True)
        application, client_secret = an_application(structure=seller, at=at)

        def program(structure: object) -> Program:
            account, secret = a_program(structure=structure, at=at)  # type: ignore[arg-type]
            return Program(application, account, secret)

        return SimpleNamespace(
            at=at,
            seller=seller,
            town=town,
            manager=manager,
            agent=agent,
            client_secret=client_secret,
            program=program(seller),
            of_the_town=program(town),
            of_others=program(others),
        )


@pytest.fixture
def world(_built: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[SimpleNamespace]:
    """``program`` is the supplier's; time stands still at ``at``."""
    monkeypatch.setattr("plainchant.api.entry.now", lambda: _built.at)
    monkeypatch.setattr("plainchant.api.oauth.now", lambda: _built.at)
    monkeypatch.setattr("tests.api.calling.now", lambda: _built.at)
    yield _built
    cache.clear()  # wrong tries
