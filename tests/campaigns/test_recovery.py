"""What a campaign says of how soon pages were back."""

from __future__ import annotations

from tests.campaigns.outcome import percentile, recovery_lines
from tests.campaigns.tally import table


def test_each_fault_has_a_row_and_processes_and_all_else_a_goal_each() -> None:
    lines = recovery_lines({"web": [3.0, 2.0, 4.0], "everything": [12.5], "database killed": [12.5]})
    assert [line.split() for line in lines[1:-1]] == [
        ["database", "killed", "1", "12.5", "12.5", "12.5"],
        ["everything", "1", "12.5", "12.5", "12.5"],
        ["web", "3", "3.0", "4.0", "4.0"],
    ]
    assert lines[-1] == (
        "recovery of processes: 3 of 4 within 10 s, worst 12.5: missed; others: 1 of 1 within 60 s, worst 12.5: reached"
    )
    assert recovery_lines({"S3 hangs": [61.0]})[-1].endswith("others: 0 of 1 within 60 s, worst 61.0: missed")


def test_a_percentile_is_one_of_the_figures() -> None:
    figures = [float(n) for n in range(200, 0, -1)]
    assert (percentile(figures, 99), percentile(figures[:99], 99)) == (198.0, 200.0)


def test_campaigns_are_added_up() -> None:
    rows = [
        {"seed": seed, "pdfs": 3, "faults": {"web": 1}, "recovery": {"web": [seconds]}}
        for seed, seconds in ((1, 2.0), (2, 4.0))
    ]
    first, *lines = table(rows).splitlines()
    assert first == "2 rounds: pdfs 6"
    assert lines[1].split() == ["web", "2", "3.0", "4.0", "4.0"]
