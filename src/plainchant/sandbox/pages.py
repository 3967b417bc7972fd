"""The exchanges as pages: what programs have asked, what was answered, and what Chorus Pro would have said, and why."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from plainchant.access.permissions import DEVELOPMENT
from plainchant.portal.lib.time import PARIS
from plainchant.web.account.fields import LineField
from plainchant.web.routes import page

from .exchanges import EXCHANGES, MOST, Exchange, ExchangeFilter, has_failed
from .verdicts import verdict_on

_A_PAGE = 50


class AskedForm(forms.Form):
    """Which exchanges to show."""

    marks_optional = False
    operation = forms.ChoiceField(label="Opération", required=False)
    compte = forms.ChoiceField(label="Compte technique", required=False)
    texte = LineField(label="Mot cherché, comme un numéro de facture", longest=100)
    echec = forms.BooleanField(label="Seulement les refus et les pannes", required=False)
    ecart = forms.BooleanField(label="Seulement les réponses qui ne suivent pas le contrat", required=False)

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        for name, attribute, everything in (
            ("operation", "operation", "Toutes"), ("compte", "account", "Tous"),
        ):  # fmt: skip
            seen = sorted({getattr(exchange, attribute) for exchange in EXCHANGES} - {""})
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = [("", everything), *((value, value) for value in seen)]

    def asked(self) -> ExchangeFilter:
        """What is asked for; everything where the form was not filled in as it should be."""
        if not self.is_valid():
            return ExchangeFilter()
        given = self.cleaned_data
        return ExchangeFilter(
            operation=given["operation"],
            account=given["compte"],
            text=given["texte"],
            has_failed=given["echec"],
            has_breach=given["ecart"],
        )


@page(get=DEVELOPMENT)
def exchanges(request: HttpRequest) -> HttpResponse:
    form = AskedForm(request.GET)
    asked = form.asked()
    found = Paginator([each for each in EXCHANGES if asked.fits(each)], _A_PAGE).get_page(request.GET.get("page"))
    columns = [
        {"label": "Appel", "kind": "name"},
        {"label": "Réponse", "kind": "text"},
        {"label": "Compte technique", "kind": "text"},
        {"label": "Heure", "kind": "text"},
    ]
    context = {
        "form": form,
        "page": found,
        "columns": columns,
        "rows": [_row(each) for each in found],
        "is_filtered": asked != ExchangeFilter(),
        "breaches": sum(bool(each.breaches) for each in EXCHANGES),
    }
    return render(request, "sandbox/exchanges.html", context)


@page(get=DEVELOPMENT)
def exchange(request: HttpRequest, number: int) -> HttpResponse:
    found = EXCHANGES.numbered(number)
    if found is None:
        raise Http404
    context = {
        "exchange": found,
        "at": found.at.astimezone(PARIS),
        "operation": _operation(found),
        "answer": _answer(found),
        "verdict": verdict_on(found),
        "bodies": [
            ("Ce que le logiciel a envoyé", _legible(found.request), len(found.request) >= MOST),
            ("Ce qui lui a été répondu", _legible(found.response), len(found.response) >= MOST),
        ],
    }
    return render(request, "sandbox/exchange.html", context)


def _row(exchange: Exchange) -> dict[str, Any]:
    return {
        "url": reverse("sandbox_exchange", kwargs={"number": exchange.number}),
        "cells": [
            _operation(exchange),
            _answer(exchange),
            exchange.account or "aucun",
            f"{exchange.at.astimezone(PARIS):%d/%m/%Y %H:%M:%S}",
        ],
        "what": f"n° {exchange.number}",
        "remark": "la réponse ne suit pas le contrat" if exchange.breaches else "",
    }


def _operation(exchange: Exchange) -> str:
    """« factures : deposer/flux », and the whole address of one that does not exist."""
    _, root, *rest = exchange.path.split("/")
    if root == "cpro" and len(rest) > 2:
        return f"{rest[0]}\u00a0: {'/'.join(rest[2:])}"
    return exchange.path


def _answer(exchange: Exchange) -> str:
    retour = exchange.retour
    word = "refus" if has_failed(exchange) else "réussi"
    if exchange.fault:
        word = "panne demandée"
    code = f"HTTP {exchange.status}" if retour is None or exchange.status != 200 else f"codeRetour {retour}"
    return f"{word}, {code}"


def _legible(body: str) -> str:
    """JSON on several lines; anything else as it is."""
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    except ValueError:
        return body
