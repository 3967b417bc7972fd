"""The pages of exchanges: addresses of the site while it is a sandbox."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import pages

urlpatterns: list[URLPattern] = [
    path("sandbox/echanges/", pages.exchanges, name="sandbox_exchanges"),
    path("sandbox/echanges/<int:number>/", pages.exchange, name="sandbox_exchange"),
]
