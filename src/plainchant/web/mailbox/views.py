"""The messages that would have left, for people who try the portal on their own machine."""

from __future__ import annotations

import re

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from plainchant.access.permissions import DEVELOPMENT
from plainchant.portal.mail import queries
from plainchant.portal.mail.operations import html_of
from plainchant.web.account.fields import LineField
from plainchant.web.routes import page

_A_PAGE = 50
_LARGEST_NUMBER = 2**63 - 1
_AS_IN_A_MAIL_PROGRAM = "default-src 'none'; style-src 'unsafe-inline'"


class RecipientForm(forms.Form):
    """Whose messages to show."""

    marks_optional = False
    recipient = LineField(label="Destinataire", longest=254)


@page(get=DEVELOPMENT)
def mailbox(request: HttpRequest) -> HttpResponse:
    form = RecipientForm(request.GET)
    recipient = form.cleaned_data["recipient"] if form.is_valid() else ""
    messages = Paginator(queries.outbox(recipient=recipient), _A_PAGE).get_page(request.GET.get("page"))
    columns = [
        {"label": "Objet", "kind": "name"},
        {"label": "Pour", "kind": "text"},
        {"label": "Écrit le", "kind": "day"},
        {"label": "État", "kind": "text"},
    ]
    rows = [
        {
            "url": reverse("mailbox_message", kwargs={"number": message.pk}),
            "cells": [
                message.subject,
                message.recipient,
                message.created_at,
                "remis" if message.sent_at else "en attente",
            ],
        }
        for message in messages
    ]
    context = {"form": form, "page": messages, "columns": columns, "rows": rows, "recipient": recipient}
    return render(request, "mailbox/mailbox.html", context)


@page(get=DEVELOPMENT)
def message(request: HttpRequest, number: int) -> HttpResponse:
    if number > _LARGEST_NUMBER:
        raise Http404
    found = queries.outbox().filter(pk=number).first()
    if found is None:
        raise Http404
    context = {"message": found, "body": _with_own_links(found.body), "has_html": found.content is not None}
    return render(request, "mailbox/message.html", context)


@page(get=DEVELOPMENT)
def as_html(request: HttpRequest, number: int) -> HttpResponse:
    """The message as a mail program shows it: a page of its own, which may load and run nothing."""
    found = queries.outbox().filter(pk=number).first() if number <= _LARGEST_NUMBER else None
    page_of_it = html_of(found) if found is not None else ""
    if not page_of_it:
        raise Http404
    return HttpResponse(page_of_it, headers={"Content-Security-Policy": _AS_IN_A_MAIL_PROGRAM})


def _with_own_links(body: str) -> SafeString:
    """The text, escaped; addresses of this portal, and only those, become links."""
    ours = re.compile(rf"({re.escape(settings.PUBLIC_URL)}/[A-Za-z0-9/_.~?=&%-]*)")
    pieces = (
        format_html('<a href="{}">{}</a>', piece, piece) if place % 2 else piece
        for place, piece in enumerate(ours.split(body))
    )
    return format_html_join("", "{}", ((piece,) for piece in pieces))
