"""Every address of a portal that is a sandbox."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from plainchant.config import urls as portal

urlpatterns: list[URLPattern | URLResolver] = [*portal.urlpatterns, path("", include("plainchant.sandbox.site"))]
