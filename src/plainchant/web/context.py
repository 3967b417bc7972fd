"""What every page's frame needs: the entries of the menu."""

from __future__ import annotations

from django.http import HttpRequest


def navigation(request: HttpRequest) -> dict[str, object]:
    return {"nav_items": []}
