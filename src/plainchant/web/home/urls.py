"""The welcome page, what to do now, and the pages that every footer leads to."""

from __future__ import annotations

from django.urls import URLPattern, path

from plainchant.web.saved_searches import searches

from . import pins, views
from .site_map import site_map

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("raccourcis/", pins.choose, name="pins"),
    path("recherches/", searches, name="searches"),
    path("plan/", site_map, name="site_map"),
    path("conditions/", views.terms, name="terms"),
    path("mentions-legales/", views.legal, name="legal"),
    path("vos-donnees/", views.privacy, name="privacy"),
    path("accessibilite/", views.accessibility, name="accessibility"),
]
