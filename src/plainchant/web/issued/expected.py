"""« Mes échéances »: which payments are expected, month by month, and the calendar that a program reads."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.einvoice.wording import MONTHS, money
from plainchant.portal.accounts.links import public
from plainchant.portal.invoices.calendar_links import end_links, link_of, make_link, reader_of, token_of
from plainchant.portal.invoices.expected import MOST, ExpectedMonth, ExpectedPayment, by_month, expected_payments
from plainchant.portal.invoices.icalendar import CalendarDay, calendar
from plainchant.portal.invoices.permissions import READ_CALENDAR, SHARE_CALENDAR
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.web.account.visitor import acting
from plainchant.web.routes import page
from plainchant.web.showing import amount_of

_COLUMNS = [
    {"label": "Facture", "kind": "number"},
    {"label": "Destinataire", "kind": "text"},
    {"label": "Montant", "kind": "money"},
    {"label": "À payer avant", "kind": "day"},
    {"label": "Retard", "kind": "text"},
]


@page(get=SHARE_CALENDAR, post=SHARE_CALENDAR)
def expected(request: HttpRequest) -> HttpResponse:
    """What is expected, and when; the address for a calendar program, made and ended here."""
    actor, at = acting(request), now()
    if request.method == "POST":
        if request.POST.get("lien") == "fin":
            end_links(person=actor.account, at=at)
            messages.info(request, "L’adresse ne mène plus à rien.")
        else:
            make_link(actor=actor, at=at)
            messages.info(
                request, "Voici l’adresse de votre calendrier. L’ancienne, s’il y en avait une, ne sert plus."
            )
        return redirect("issued_expected")
    listed = expected_payments(actor=actor, today=day_in_paris(at))
    link = link_of(person=actor.account)
    context = {
        "months": [_month(month) for month in by_month(listed.payments)],
        "most": f"{MOST:_}".replace("_", "\u00a0"),
        "until": listed.payments[-1].due_on if listed.is_cut else None,
        "columns": _COLUMNS,
        "link": public(reverse("issued_calendar", args=[token_of(link)])) if link else "",
    }
    return render(request, "issued/expected.html", context)


def _month(month: ExpectedMonth) -> dict[str, Any]:
    return {
        "title": f"{MONTHS[month.first_day.month - 1].capitalize()} {month.first_day.year}",
        "totals": [money(amount, currency) for currency, amount in month.totals.items()],
        "rows": [_row(payment) for payment in month.payments],
    }


def _row(payment: ExpectedPayment) -> dict[str, Any]:
    invoice = payment.invoice
    late = ("Peut-être payée" if payment.is_silent else "En retard") if payment.is_late else ""
    return {
        "url": reverse("issued_invoice", args=[invoice.uid]),
        "cells": [invoice.number, str(invoice.buyer), amount_of(invoice), payment.due_on, late],
    }


@page(get=READ_CALENDAR)
def feed(_request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of whoever made this address. Http404 for an address that leads nowhere any more."""
    actor, at = reader_of(token=token), now()
    if actor is None:
        raise Http404
    listed = expected_payments(actor=actor, today=day_in_paris(at))
    days = [
        CalendarDay(
            uid=f"{payment.invoice.uid}@plainchant",
            day=payment.due_on,
            summary=f"À payer\u00a0: {payment.invoice.number}, {amount_of(payment.invoice)}, {payment.invoice.buyer}",
            url=public(reverse("issued_invoice", args=[payment.invoice.uid])),
        )
        for payment in listed.payments
    ]
    if listed.is_cut:
        more = "Plainchant\u00a0: d’autres paiements sont attendus après ce jour, à lire sur le site"
        address = public(reverse("issued_expected"))
        days.append(CalendarDay(uid="suite@plainchant", day=days[-1].day, summary=more, url=address))
    text = calendar(name="Plainchant, mes échéances", days=days, at=at)
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)
