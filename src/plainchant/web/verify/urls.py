"""Checking an invoice without an account, under /verifier/."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [path("", views.verify, name="verify")]
