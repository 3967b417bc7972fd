"""How many pages a stored PDF has, and their sizes: asked of the walled reader once, then kept with the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from plainchant.reader import sandbox
from plainchant.reader.reasons import FailureReason, ReaderFailed

from .models import StoredFile
from .queries import read_bytes

MOST_SIZED = 100
# A file that took the reader twenty seconds and killed it would do so at each visit; a new version may do better.
NOT_TRIED_AGAIN_FOR = timedelta(hours=1)


def count_pages(*, stored: StoredFile, at: datetime) -> None:
    """Fill `StoredFile.page_count` and `StoredFile.page_sizes` (of the first MOST_SIZED) unless they are known.

    Raises ReaderFailed when it is no PDF that can be read; OSError if the store has lost it.
    """
    if stored.page_count is not None:
        return
    with one_try(stored=stored, at=at):
        stored.page_count, stored.page_sizes = sandbox.page_sizes(read_bytes(stored=stored), most=MOST_SIZED)
    StoredFile.objects.filter(pk=stored.pk).update(page_count=stored.page_count, page_sizes=stored.page_sizes)


@contextmanager
def one_try(*, stored: StoredFile, at: datetime) -> Iterator[None]:
    """For a block that has the reader look at ``stored``: its failure is kept, and raised at once for an hour.

    Raises ReaderFailed. That the reader is busy says nothing of the file.
    """
    if stored.page_trouble and stored.page_trouble_at and at < stored.page_trouble_at + NOT_TRIED_AGAIN_FOR:
        raise ReaderFailed(FailureReason(stored.page_trouble))
    try:
        yield
    except ReaderFailed as failed:
        if failed.reason is not FailureReason.BUSY:
            StoredFile.objects.filter(pk=stored.pk).update(page_trouble=failed.reason, page_trouble_at=at)
        raise
