"""Every address of the interface, made from the table of operations. `entry` resolves them, not the site's own."""

from __future__ import annotations

from django.urls import URLPattern, path

from .entry import view_of
from .oauth import PATH, give_token
from .openapi import show
from .table import TABLE


def _pattern(address: str) -> str:
    return address.lstrip("/").replace("{", "<str:").replace("}", ">")


urlpatterns: list[URLPattern] = [
    path(PATH.lstrip("/"), give_token, name="api/oauth/token"),
    path("api/openapi.json", show, name="api/openapi.json"),
    *(path(_pattern(row.path), view_of(row), name=row.name) for row in TABLE),
]
