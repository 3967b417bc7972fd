"""A sandbox as a fixture: `pytest_plugins = ["plainchant.sandbox.pytest_plugin"]` in a conftest.py.

`plainchant_sandbox` is one for the whole run, begun again before each test. A test during which it has answered against
the contract of the interface fails: what it saw is not what Chorus Pro would have answered.
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
def plainchant_sandbox(_running_sandbox: RunningSandbox) -> Iterator[RunningSandbox]:
    """A sandbox as it begins, at the present instant."""
    _running_sandbox.reset()
    yield _running_sandbox
    fail_on_breaches(_running_sandbox)


def fail_on_breaches(sandbox: RunningSandbox) -> None:
    """Fail the test if an answer of the sandbox is not what the contract wants."""
    if breaches := sandbox.breaches():
        pytest.fail("The sandbox has answered against the contract:\n" + "\n".join(breaches), pytrace=False)
