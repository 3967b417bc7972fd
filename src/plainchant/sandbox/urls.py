"""The addresses of `control`; `middleware` resolves them, not the site's own."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import control
from .control import answering

urlpatterns: list[URLPattern] = [
    path("sandbox/", answering(GET=control.about)),
    path("sandbox/clock", answering(GET=control.clock, POST=control.put_forward)),
    path("sandbox/reset", answering(POST=control.reset)),
    path("sandbox/recipients", answering(GET=control.recipients)),
    path("sandbox/recipients/<siret>", answering(PUT=control.follow)),
    path("sandbox/faults", answering(GET=control.faults, PUT=control.show_faults)),
    path("sandbox/expire", answering(POST=control.expire)),
    path("sandbox/exchanges", answering(GET=control.exchanges)),
    path("sandbox/exchanges/breaches", answering(GET=control.breaches)),
    path("sandbox/exchanges/<int:number>", answering(GET=control.one_exchange)),
]
