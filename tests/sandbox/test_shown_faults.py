"""Faults that are drawn: the same ones each time, per operation, so often and no more."""

from __future__ import annotations

import pytest

from plainchant.sandbox.faults import DEPOSIT, FaultScript, FaultUnknown, ShownFault, fault_named

HEALTH = "/cpro/transverses/v1/health-check"


def fates(script: FaultScript, path: str, calls: int = 40) -> list[str]:
    return [fault.kind if (fault := script.drawn(path)) else "" for _ in range(calls)]


def test_the_same_seed_strikes_the_same_calls_whatever_others_do() -> None:
    faults = [ShownFault("500", path=HEALTH, probability=0.5), ShownFault("401", path=DEPOSIT, probability=0.5)]
    one, other = FaultScript(), FaultScript()
    one.write(faults, seed=7)
    other.write(faults, seed=7)
    mixed = [other.drawn(path) for _ in range(40) for path in (DEPOSIT, HEALTH)]
    seen = fates(one, HEALTH)
    assert [fault.kind if fault else "" for fault in mixed[1::2]] == seen
    assert {"", "500"} == set(seen)
    other.write(faults, seed=8)
    assert fates(other, HEALTH) != seen


def test_a_fault_strikes_its_operation_and_as_often_as_it_was_asked() -> None:
    script = FaultScript()
    script.write([ShownFault("503", path=HEALTH, times=2), ShownFault("incident")])
    assert fates(script, HEALTH, 4) == ["503", "503", "", ""]
    assert fates(script, "/cpro/structures/v1/rechercher", 1) == [""]
    assert fates(script, DEPOSIT, 1) == ["incident"]
    assert [row["shown"] for row in script.shown()] == [2, 1]
    script.write([])
    assert fates(script, DEPOSIT, 1) == [""]


def test_what_is_never_drawn() -> None:
    script = FaultScript()
    script.write([ShownFault("500", probability=0)])
    assert fates(script, HEALTH) == [""] * 40


@pytest.mark.parametrize("text", ["burning", "slow=61", "slow=-1", "slow=x", "", "incident"])
def test_a_header_that_names_no_fault_of_this_operation(text: str) -> None:
    with pytest.raises(FaultUnknown):
        fault_named(text, path=HEALTH)
    assert fault_named(" slow=2 ", path=HEALTH) == ShownFault("slow", seconds=2)
    assert fault_named("incident", path=DEPOSIT).kind == "incident"
