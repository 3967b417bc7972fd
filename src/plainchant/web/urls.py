"""Every page, area by area. Each view declares its permission where it is defined."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from .monitor import health, ready
from .operation import operation
from .traffic import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("plainchant.web.home.urls")),
    path("compte/", include("plainchant.web.account.urls")),
    path("structures/", include("plainchant.web.structures.urls")),
    path("pieces/", include("plainchant.web.library.urls")),
    path("annuaire/", include("plainchant.web.directory.urls")),
    path("verifier/", include("plainchant.web.verify.urls")),
    path("deposer/", include("plainchant.web.deposit.urls")),
    path("saisir/", include("plainchant.web.entry.urls")),
    path("mandats/", include("plainchant.web.mandates.urls")),
    path("flux/", include("plainchant.web.flows.urls")),
    path("factures/", include("plainchant.web.issued.urls")),
    path("recues/", include("plainchant.web.received.urls")),
    path("a-valider/", include("plainchant.web.validation.urls")),
    path("travaux/", include("plainchant.web.works.urls")),
    path("sollicitations/", include("plainchant.web.tickets.urls")),
    path("statistiques/", include("plainchant.web.open_figures.urls")),
    path("logiciels/", include("plainchant.web.programs.urls")),
    path("aide/", include("plainchant.web.help.urls")),
    path("exploitation/", operation, name="operation"),
    path("health", health, name="health"),
    path("ready", ready, name="ready"),
    path("metrics", metrics, name="metrics"),
    path("mailbox/", include("plainchant.web.mailbox.urls")),
]
