"""A disk in a file: an ext4 on a loop device, which can be filled, slowed down, and cut off as by a power cut.

A copy of the file at some instant has what had been written to the device by then, and nothing of what the kernel
still had in memory: what a disk holds after a power cut. The copy is made at once, whatever is being written
meanwhile, because the file lies on an XFS, which shares the blocks of copies. What had reached the device but not been
flushed is in the copy: a disk that loses its own cache is not played.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_THROTTLE = Path("/sys/fs/cgroup/blkio/blkio.throttle.write_iops_device")


def missing(*, slow: bool = False) -> str:
    """Why there can be no such disk here, as a sentence; nothing if there can."""
    if os.geteuid() != 0:
        return "loop devices are mounted by root alone"
    if not Path("/dev/loop-control").exists():
        return "this kernel has no loop devices"
    absent = [name for name in ("losetup", "mkfs.ext4", "mkfs.xfs") if shutil.which(name) is None]
    if absent:
        return f"{', '.join(absent)} not found (apt install mount e2fsprogs xfsprogs)"
    if slow and not _THROTTLE.exists():
        return f"nothing slows a disk down here: there is no {_THROTTLE} (cgroups v1, CONFIG_BLK_DEV_THROTTLING)"
    return ""


class Disk:
    """Made by `disk`. ``folder`` is where it is mounted."""

    def __init__(self, files: Path, folder: Path) -> None:
        self.folder = folder
        self._image = files / "disk"
        self._device = ""
        self.mount()

    def mount(self) -> None:
        self._device = _run("losetup", "--find", "--show", str(self._image))
        _run("mount", self._device, str(self.folder))

    def unmount(self) -> None:
        if not self._device:
            return
        self.quicken()
        deadline = time.monotonic() + 30
        while True:
            try:
                _run("umount", str(self.folder))
                break
            except subprocess.CalledProcessError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)  # the last of those that were killed is not gone yet
        _run("losetup", "--detach", self._device)
        self._device = ""

    def cut(self) -> None:
        """What the device holds now is what will be there; the kernel's memory of it is lost. Nobody may use it."""
        kept = self._image.with_name("kept")
        _run("cp", "--reflink=always", str(self._image), str(kept))
        self.unmount()
        kept.rename(self._image)
        self.mount()

    def fill(self) -> None:
        """To the last byte."""
        with (self.folder / "ballast").open("ab") as ballast, suppress(OSError):
            free = os.statvfs(self.folder)
            with suppress(OSError):
                os.posix_fallocate(ballast.fileno(), 0, free.f_bavail * free.f_frsize)
            while True:
                os.write(ballast.fileno(), b"\0" * 4096)

    def empty(self) -> None:
        (self.folder / "ballast").unlink()

    def slow_down(self, writes_a_second: int) -> None:
        _THROTTLE.write_text(f"{self._number()} {writes_a_second}")

    def quicken(self) -> None:
        if _THROTTLE.exists():
            _THROTTLE.write_text(f"{self._number()} 0")

    def _number(self) -> str:
        return Path("/sys/block", Path(self._device).name, "dev").read_text().strip()


@contextmanager
def disk(*, megabytes: int) -> Iterator[Disk]:
    """An empty disk. Raises CalledProcessError where `missing` says something."""
    with tempfile.TemporaryDirectory(prefix="plainchant-disk-") as name:
        place = Path(name)
        place.chmod(0o755)  # PostgreSQL is another user's
        around, files, folder = place / "around", place / "files", place / "disk"
        files.mkdir()
        folder.mkdir()
        around.touch()
        os.truncate(around, 2 * megabytes * 2**20 + 400 * 2**20)  # two copies, and what XFS keeps for itself
        _run("mkfs.xfs", "-q", str(around))
        _run("mount", "-o", "loop", str(around), str(files))
        try:
            image = files / "disk"
            image.touch()
            os.truncate(image, megabytes * 2**20)
            _run("mkfs.ext4", "-q", "-m", "0", "-F", str(image))
            made = Disk(files, folder)
            try:
                yield made
            finally:
                made.unmount()
        finally:
            _run("umount", "--lazy", str(files))


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
