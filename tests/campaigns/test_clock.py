"""The clock that campaigns put back is the one that a process reads, at once; the monotonic one goes on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.campaigns.clock import Clock, missing

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())


def test_a_process_that_runs_sees_its_clock_put_back(tmp_path: Path) -> None:
    clock = Clock(tmp_path, "clock")
    code = (
        "import datetime as d, time\n"
        "while input(): print(d.datetime.now().timestamp(), time.time(), time.monotonic(), flush=True)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, **clock.environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def asked() -> list[float]:
            process.stdin.write("?\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
            return [float(word) for word in process.stdout.readline().split()]  # type: ignore[union-attr]

        before = asked()
        clock.set(-26)
        after = asked()
        process.stdin.write("\n")
    assert [round((one - other) / 3600) for one, other in zip(after, before, strict=True)] == [-26, -26, 0]
