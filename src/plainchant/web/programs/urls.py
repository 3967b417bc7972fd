"""For whoever writes programs, under /logiciels/."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [path("interface/", views.explorer, name="explorer")]
