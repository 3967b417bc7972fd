"""Rights held whatever the grants say, to try each of them alone."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from plainchant.portal.lib.written_once import WrittenOnce
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures import reach


def holding(monkeypatch: pytest.MonkeyPatch, held: Collection[Right], of_managers: Collection[Right] = ()) -> None:
    """Every accepted attachment gives the rights in ``held`` and no other; those of managers ``of_managers`` too."""

    def gives(right: Right) -> reach.Condition:
        if right in held:
            return "1 = 1", []
        return ("m.is_manager" if right in of_managers else "1 = 0"), []

    monkeypatch.setattr(reach, "_gives", gives)
    monkeypatch.setattr(WrittenOnce, "keeps_texts", False)
