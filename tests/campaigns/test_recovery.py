"""What a campaign says of how soon pages were back."""

from __future__ import annotations

from tests.campaigns.outcome import recovery_line


def test_processes_and_all_else_have_a_goal_each() -> None:
    line = recovery_line({"web": 3.0, "everything": 12.5, "database killed": 12.5, "web hangs": 49.0})
    assert line == ("recovery of processes: worst 12.5 s, goal 10 s: missed; others: worst 49.0 s, goal 60 s: reached")
    assert recovery_line({"S3 hangs": 61.0}) == "recovery of others: worst 61.0 s, goal 60 s: missed"
