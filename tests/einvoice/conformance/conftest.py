"""The bench of the judge: one Saxon for all tests of a worker, started when first asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.einvoice.conformance.corpora import Document, documents
from tests.einvoice.conformance.oracle import Oracle


@pytest.fixture(scope="session")
def oracle(shared: Path) -> Iterator[Oracle]:
    pytest.importorskip("saxonche", reason="no saxonche: `uv sync` installs it with the dev group")
    one = Oracle(shared=shared)
    yield one
    one.close()


@pytest.fixture(scope="session")
def corpus(shared: Path) -> list[Document]:
    return list(documents(shared))
