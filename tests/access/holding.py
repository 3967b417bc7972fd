"""Rights held whatever the grants say, to try each of them alone."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from django.db.models import Q

from plainchant.portal.rights.rights import Right
from plainchant.portal.structures import reach


def holding(monkeypatch: pytest.MonkeyPatch, held: Collection[Right], of_managers: Collection[Right] = ()) -> None:
    """Every accepted attachment gives the rights in ``held`` and no other; those of managers ``of_managers`` too."""

    def gives(right: Right) -> Q:
        if right in held:
            return Q()
        return Q(is_manager=True) if right in of_managers else Q(pk__in=())

    monkeypatch.setattr(reach, "_gives", gives)
