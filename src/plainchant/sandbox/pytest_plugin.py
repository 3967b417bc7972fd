"""A sandbox as a fixture: `pytest_plugins = ["plainchant.sandbox.pytest_plugin"]` in a conftest.py.

`plainchant_sandbox` is one for the whole run, begun again before each test.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .testing import RunningSandbox, running


@pytest.fixture(scope="session")
def _running_sandbox() -> Iterator[RunningSandbox]:
    with running() as sandbox:
        yield sandbox


@pytest.fixture
def plainchant_sandbox(_running_sandbox: RunningSandbox) -> RunningSandbox:
    """A sandbox as it begins, at the present instant."""
    _running_sandbox.reset()
    return _running_sandbox
