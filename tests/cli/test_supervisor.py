"""What ends is started again; what cannot live ends all, never with exit code 0; nothing outlives its supervisor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from plainchant.cli.supervisor import MOST_EARLY_ENDS, GaveUp, Supervisor


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    supervisor = Supervisor(first_wait=0.001)
    yield supervisor
    supervisor.stop()


def lives(place: Path) -> list[str]:
    """A process that notes its number in a file, one a line, and stays."""
    return ["sh", "-c", f"echo $$ >> {place}; exec sleep 60"]


def numbers(place: Path) -> list[int]:
    return [int(line) for line in place.read_text().split()] if place.exists() else []


def until(condition: Callable[[], bool], act: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        act()


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{number}/status").read_text()


def test_what_is_killed_is_started_again_and_a_stop_ends_it(
    supervisor: Supervisor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "numbers"
    supervisor.add("the child", lives(place))
    until(lambda: len(numbers(place)) == 1, lambda: supervisor.wait(0.01))
    os.kill(numbers(place)[0], signal.SIGKILL)
    until(lambda: len(numbers(place)) == 2, lambda: supervisor.wait(0.01))
    assert "the child has ended after 0 s (killed by SIGKILL): started again" in capsys.readouterr().err
    assert is_alive(numbers(place)[1])
    supervisor.stop()
    assert not is_alive(numbers(place)[1])


@pytest.mark.parametrize(("command", "code"), [("exit 7", 7), ("exit 0", 1), ("kill -9 $$", 1)])
def test_what_ends_at_once_again_and_again_is_given_up_and_never_with_code_0(
    supervisor: Supervisor, tmp_path: Path, command: str, code: int
) -> None:
    place = tmp_path / "numbers"
    supervisor.add("the child", ["sh", "-c", f"echo $$ >> {place}; {command}"])
    with pytest.raises(GaveUp) as gave_up:
        supervisor.wait(60)
    assert gave_up.value.code == code
    assert len(numbers(place)) == MOST_EARLY_ENDS


def test_what_had_lived_for_a_while_is_never_given_up(tmp_path: Path) -> None:
    supervisor = Supervisor(settled=0.0)
    place = tmp_path / "numbers"
    supervisor.add("the child", ["sh", "-c", f"echo $$ >> {place}"])
    until(lambda: len(numbers(place)) > MOST_EARLY_ENDS, lambda: supervisor.wait(0.01))
    supervisor.stop()


def test_what_a_dead_process_leaves_behind_is_ended_before_it_starts_again(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    """A server whose main process is killed would still hold the port."""
    main, left = tmp_path / "main", tmp_path / "left"
    supervisor.add("a server", ["sh", "-c", f"sleep 60 & echo $! >> {left}; echo $$ >> {main}; wait"])
    until(lambda: len(numbers(main)) == 1, lambda: supervisor.wait(0.01))
    os.kill(numbers(main)[0], signal.SIGKILL)
    until(lambda: len(numbers(main)) == 2, lambda: supervisor.wait(0.01))
    assert not is_alive(numbers(left)[0])
    assert is_alive(numbers(left)[1])


def test_a_command_that_ends_by_itself_is_waited_for_while_the_others_live(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    supervisor.add("the child", lives(tmp_path / "numbers"))
    assert supervisor.once(["sh", "-c", "exit 75"]) == 75
    assert supervisor.once(["true"]) == 0


def test_nothing_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    place = tmp_path / "numbers"
    code = (
        "from plainchant.cli.supervisor import Supervisor\n"
        f"supervisor = Supervisor(); supervisor.add('x', {lives(place)!r}); supervisor.run()"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        until(lambda: len(numbers(place)) == 1, lambda: time.sleep(0.01))
        process.kill()
    until(lambda: not is_alive(numbers(place)[0]), lambda: time.sleep(0.01))
