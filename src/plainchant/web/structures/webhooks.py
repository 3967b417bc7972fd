"""The programs that are told of what becomes of a structure's invoices (webhooks), as its managers see them.

The secret is shown on the page that answers the making, and on no other.
"""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.portal.hooks import operations, queries
from plainchant.portal.hooks.models import Webhook
from plainchant.portal.hooks.permissions import MANAGE_WEBHOOK, MANAGE_WEBHOOKS
from plainchant.portal.lib.outgoing import MOST_SIGNS
from plainchant.portal.lib.time import now
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.web.account.proof import needs_proof
from plainchant.web.account.visitor import acting
from plainchant.web.fields import DateField
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page


class WebhookForm(forms.Form):
    url = forms.CharField(
        label="Adresse du logiciel",
        max_length=MOST_SIGNS,
        help_text="Celle que la personne qui s’occupe du logiciel vous a donnée. Elle commence par https://",
        widget=forms.URLInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )


class AgainForm(forms.Form):
    since = DateField(label="Renvoyer ce qui s’est passé depuis le", help_text="Par exemple : 30/11/2026")


@page(get=MANAGE_WEBHOOKS)
def listed(request: HttpRequest, structure: Structure) -> HttpResponse:
    """Those of a structure, those that serve first."""
    webhooks = queries.webhooks_for(actor=acting(request), right=Right.MANAGE).filter(structure=structure)[:50]
    return render(request, "structures/webhooks.html", {"structure": structure, "webhooks": webhooks})


@page(get=MANAGE_WEBHOOKS, post=MANAGE_WEBHOOKS, back="webhooks")
@needs_proof()
def make(request: HttpRequest, structure: Structure) -> HttpResponse:
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            webhook, secret = operations.make(
                structure=structure, url=form.cleaned_data["url"], actor=acting(request), at=now()
            )
            context = {"structure": structure, "webhook": webhook, "secret": secret}
            answer = render(request, "structures/webhook_secret.html", context)
            answer.headers["Cache-Control"] = "no-store, private"
            return answer
    return render(request, "structures/webhook_make.html", {"structure": structure, "form": form})


def _own(webhook: Webhook) -> str:
    return reverse("webhook", args=[webhook.uid])


@page(post=MANAGE_WEBHOOK, back=_own)
def send_again(request: HttpRequest, webhook: Webhook) -> HttpResponse:
    """What happened from a day on, once more."""
    form = AgainForm(request.POST)
    if not form.is_valid():
        return _shown(request, webhook, form)
    operations.send_again(webhook=webhook, since=form.cleaned_data["since"], actor=acting(request), at=now())
    messages.info(request, "Dans quelques minutes, tout est renvoyé depuis ce jour.")
    return redirect(_own(webhook))


@page(get=MANAGE_WEBHOOK, post=MANAGE_WEBHOOK, back=_own)
def show(request: HttpRequest, webhook: Webhook) -> HttpResponse:
    """What it was sent lately; it is ended here."""
    if request.method == "POST":
        operations.end(webhook=webhook, actor=acting(request), at=now())
        messages.info(request, "C’est arrêté\u00a0: plus rien n’est envoyé à cette adresse.")
        return redirect(_own(webhook))
    return _shown(request, webhook, AgainForm())


def _shown(request: HttpRequest, webhook: Webhook, form: AgainForm) -> HttpResponse:
    deliveries = webhook.deliveries.order_by("-at", "-pk")[: operations.KEPT]
    context = {
        "structure": webhook.structure,
        "webhook": webhook,
        "columns": [
            {"label": "Premier événement", "kind": "name"},
            {"label": "Quand", "kind": "text"},
            {"label": "Événements", "kind": "text"},
            {"label": "Réponse", "kind": "text"},
        ],
        "rows": [{"cells": [row.first_event, row.at, row.events, row.trouble or row.status]} for row in deliveries],
        "form": form,
        "days": operations.GIVE_UP_AFTER.days,
    }
    return render(request, "structures/webhook.html", context, status=422 if form.errors else 200)
