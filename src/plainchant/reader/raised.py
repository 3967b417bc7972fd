"""Which walls this machine raises around a reader, tried once a process: for the log at the start, and for health."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from functools import cache

from .walls import ENVIRONMENT, RaisedWalls

log = logging.getLogger(__name__)
_SECONDS = 20.0


@cache
def raised_walls() -> RaisedWalls:
    """The walls that stand around a child: raised for this in a process of its own, which is gone afterwards."""
    command = [sys.executable, "-m", "plainchant.reader.walls"]
    try:
        done = subprocess.run(command, env=ENVIRONMENT, cwd="/", capture_output=True, timeout=_SECONDS, check=True)  # noqa: S603
        return RaisedWalls(**json.loads(done.stdout))
    except (OSError, subprocess.SubprocessError, ValueError, TypeError):
        log.exception("The walls around readers could not be tried.")
        return RaisedWalls(own_user=False, network=False, landlock=0, system_calls=False)


def log_raised_walls() -> None:
    """Write what this machine refuses, a warning each, or that nothing is missing."""
    for sentence in raised_walls().missing:
        log.warning("Readers of untrusted files: %s.", sentence)
    if not raised_walls().missing:
        log.info("Readers of untrusted files: every wall stands (Landlock %d).", raised_walls().landlock)
