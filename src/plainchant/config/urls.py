"""Every address of the site."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("plainchant.web.urls"))]
if settings.SANDBOX:
    urlpatterns.append(path("", include("plainchant.sandbox.site")))

handler400 = "plainchant.web.errors.bad_request"
handler403 = "plainchant.web.errors.forbidden"
handler404 = "plainchant.web.errors.not_found"
handler500 = "plainchant.web.errors.server_error"
