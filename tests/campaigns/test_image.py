"""The disk of the campaigns is a disk: what was not flushed is gone after a power cut, and what is full is full."""

from __future__ import annotations

import errno
import os

import pytest

from tests.campaigns.image import disk, missing

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())


def test_a_power_cut_keeps_what_was_flushed_and_nothing_that_was_only_in_memory() -> None:
    with disk(megabytes=20) as drive:
        with (drive.folder / "flushed").open("wb") as flushed:
            flushed.write(b"here")
            flushed.flush()
            os.fsync(flushed.fileno())
        (drive.folder / "written").write_bytes(b"gone")
        drive.cut()
        assert (drive.folder / "flushed").read_bytes() == b"here"
        assert not (drive.folder / "written").exists()


def test_a_full_disk_takes_nothing_until_it_has_room_again() -> None:
    with disk(megabytes=20) as drive:
        drive.fill()
        with pytest.raises(OSError, match="No space") as refused:
            (drive.folder / "more").write_bytes(b"x" * 100_000)
        assert refused.value.errno == errno.ENOSPC
        drive.empty()
        (drive.folder / "more").write_bytes(b"x" * 100_000)
