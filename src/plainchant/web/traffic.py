"""Each request gets an id, a line in the access log, and its place in what `/metrics` counts."""

from __future__ import annotations

import hmac
import logging
import re
import time
import uuid
from collections.abc import Callable, Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from plainchant.access.permissions import PUBLIC
from plainchant.portal.lib.logs import request_id, without_secrets
from plainchant.portal.lib.sending import MAY_SEND
from plainchant.portal.lib.time import now
from plainchant.portal.overview import facts
from plainchant.web.routes import page

access = logging.getLogger("plainchant.access")
_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")


class _Waiting:
    """What waits in the portal, asked of the database when somebody looks."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for fact, value in facts(at=now()):
            yield GaugeMetricFamily(f"plainchant_{fact.name}", fact.meaning, value=value)


REGISTRY = CollectorRegistry(auto_describe=False)
REGISTRY.register(_Waiting())
SECONDS = Histogram(
    "plainchant_request_seconds",
    "Requests of this process, by page, method and status",
    ("page", "method", "status"),
    registry=REGISTRY,
)


class TrafficMiddleware:
    """The first of all: what others refuse is counted too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A proxy of ours says which request of its log this is; anybody else's word is not taken.
        given = request.headers.get("X-Request-ID", "") if settings.ALLAUTH_TRUSTED_PROXY_COUNT else ""
        request.request_id = given if _GIVEN_ID.match(given) else uuid.uuid4().hex  # type: ignore[attr-defined]
        token = request_id.set(request.request_id)  # type: ignore[attr-defined]
        begun = time.monotonic()
        try:
            response = self.get_response(request)
            response.headers.setdefault("X-Request-ID", request_id.get())
            self._note(request, response, time.monotonic() - begun)
        finally:
            request_id.reset(token)
        return response

    def _note(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        if MAY_SEND.decode() in response.headers:
            return  # `web.front` has asked whether a long body may be sent: the request itself follows
        match = request.resolver_match
        method = request.method if request.method in ("GET", "HEAD", "POST") else "other"
        SECONDS.labels((match and match.url_name) or "–", method, str(response.status_code)).observe(seconds)
        if settings.ACCESS_LOG:
            # Without the query: people search for names there. Without tokens: they open accounts.
            path = without_secrets(request.path)
            milliseconds = round(seconds * 1000)
            extra = {"method": request.method, "path": path, "status": response.status_code, "ms": milliseconds}
            access.info("%s %s %d %d ms", request.method, path, response.status_code, milliseconds, extra=extra)


@page(get=PUBLIC)
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus, with the token of the settings. Http404 without one: nobody else is to know that it is there."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)
