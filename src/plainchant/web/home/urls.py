"""The welcome page, what to do now, and the conditions of use."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("conditions/", views.terms, name="terms"),
]
