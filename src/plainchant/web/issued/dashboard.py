"""« Tableau de bord »: what one's invoices come to, drawn and in tables; each line leads to the invoices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from plainchant.einvoice.codes.reasons import REASON_OF
from plainchant.einvoice.wording import MONTHS, amount, day, money
from plainchant.portal.invoices import dashboard
from plainchant.portal.invoices.dashboard import BodyDelay, SentTotals, Stretch, StretchStep
from plainchant.portal.invoices.expected import NOT_EXPECTED
from plainchant.portal.invoices.lifecycle import NOT_SENT, STATUS_ROWS, STATUSES, Mood, Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import SEE_ISSUED_INVOICE
from plainchant.portal.lib.csv_file import csv_text
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.reach import reached
from plainchant.web.account.visitor import acting, chosen_among
from plainchant.web.fields import StructureField
from plainchant.web.plots import Bar, Plot, drawn
from plainchant.web.routes import page
from plainchant.web.showing import amounts_in_words

USUAL_MONTHS = "12"
_PERIODS = [("3", "Depuis 3 mois"), (USUAL_MONTHS, "Depuis 12 mois"), ("24", "Depuis 24 mois")]
_STEPS = [(StretchStep.MONTH.value, "Par mois"), (StretchStep.WEEK.value, "Par semaine")]
_COUNT = {"label": "Combien", "kind": "text"}
_AMOUNT = {"label": "Montant à payer", "kind": "money"}


class DashboardForm(forms.Form):
    """Which invoices are counted. What is not understood is the usual one."""

    marks_optional = False

    structure = StructureField(label="Structure", empty_label="Toutes les vôtres", required=False)
    mois = forms.ChoiceField(label="Factures datées", choices=_PERIODS, required=False, initial=USUAL_MONTHS)
    par = forms.ChoiceField(label="Argent attendu", choices=_STEPS, required=False, initial=StretchStep.MONTH.value)

    def __init__(self, data: Mapping[str, Any], *, structures: QuerySet[Structure], chosen: Structure | None) -> None:
        data = {name: data[name] for name in self.base_fields if name in data}
        data = {
            "mois": USUAL_MONTHS,
            "par": StretchStep.MONTH.value,
            "structure": str(chosen.uid) if chosen else "",
            **data,
        }
        super().__init__(data)
        of_whom = self.fields["structure"]
        assert isinstance(of_whom, StructureField)  # noqa: S101 - declared above
        of_whom.offer(structures)
        self.has_several = of_whom.is_asked
        if not self.has_several:
            del self.fields["structure"]
        self.is_valid()

    @property
    def whose(self) -> Structure | None:
        return self.cleaned_data.get("structure")

    @property
    def step(self) -> StretchStep:
        return StretchStep(self.cleaned_data.get("par") or StretchStep.MONTH)

    def first_day(self, today: date) -> date:
        """The first of the month so many months ago."""
        months = today.year * 12 + today.month - int(self.cleaned_data.get("mois") or USUAL_MONTHS)
        return date(months // 12, months % 12 + 1, 1)

    def address(self) -> str:
        """The same choice, for another address."""
        kept = {name: self.cleaned_data.get(name) or "" for name in ("mois", "par")}
        return urlencode({**kept, "structure": str(self.whose.uid) if self.whose else ""})


@dataclass(frozen=True, kw_only=True)
class DashboardAsked:
    """What the figures are of. ``issued``: the invoices of the visitor, of one structure where one was chosen."""

    issued: QuerySet[Invoice]
    form: DashboardForm
    today: date

    @property
    def sent(self) -> QuerySet[Invoice]:
        return dashboard.sent_since(issued=self.issued, first_day=self.form.first_day(self.today))

    def list_url(self, *, is_dated: bool = True, **values: Any) -> str:
        """The list of the same invoices, narrowed further: criteria by name, with _ for -."""
        asked = {name.replace("_", "-"): value for name, value in values.items() if value}
        if is_dated:
            asked["facture-du"] = self.form.first_day(self.today).isoformat()
        asked["structure"] = str(self.form.whose.uid) if self.form.whose else ""
        return f"{reverse('issued_list')}?{urlencode(asked, doseq=True)}"


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A table and its drawing. ``cells`` are the page's; ``file`` those of the file: a heading, and rows of values."""

    title: str
    lead: str
    nothing: str
    columns: list[dict[str, str]]
    rows: list[dict[str, Any]]
    bars: list[Bar]
    file: tuple[list[str], list[list[object]]]

    @property
    def plot(self) -> Plot:
        return drawn(self.bars)


def statuses(asked: DashboardAsked) -> Figures:
    rows = []
    for status, totals in dashboard.by_status(sent=asked.sent).items():
        row = STATUS_ROWS[status]
        rows.append(_Line(row.label, totals, asked.list_url(status=status.value), row.mood))
    return _of_totals(
        rows,
        title="Où en sont vos factures",
        lead="Ce qui reste à payer, ou a été payé. Les avoirs sont retirés.",
        nothing="Aucune facture n’a été envoyée pendant cette période.",
        first="Statut",
    )


def reasons(asked: DashboardAsked) -> Figures:
    rows = []
    for code, totals in dashboard.by_rejection(sent=asked.sent).items():
        label = REASON_OF[code].label if code else "Aucun motif n’a été donné"
        url = asked.list_url(status=Status.REJECTED.value, motif=code) if code else ""
        rows.append(_Line(label, totals, url, Mood.STOPPED))
    return _of_totals(
        rows,
        title="Pourquoi des factures ont été rejetées",
        lead="Combien de factures, pour chaque motif donné par le destinataire.",
        nothing="Aucune facture n’a été rejetée pendant cette période.",
        first="Motif",
        by_count=True,
    )


def expected(asked: DashboardAsked) -> Figures:
    found = dashboard.expected_by(issued=asked.issued, step=asked.form.step, today=asked.today)
    statuses = [row.status.value for row in STATUSES if row.status not in {*NOT_EXPECTED, *NOT_SENT}]

    def url(stretch: Stretch) -> str:
        days = {"echeance_du": stretch.first, "echeance_au": stretch.last}
        return asked.list_url(is_dated=False, status=statuses, encaissee="non", **days)

    return money_expected(found, step=asked.form.step, url=url)


def money_expected(found: Sequence[Stretch], *, step: StretchStep, url: Callable[[Stretch], str]) -> Figures:
    """What is expected when; ``url`` gives the page of the invoices of a stretch, or ""."""
    return _of_totals(
        [_Line(_when(row, step), row.totals, url(row), Mood.MOVING if row.first else Mood.STOPPED) for row in found],
        title="L’argent attendu",
        lead="D’après le dernier jour du délai légal, quelle que soit la date de la facture.",
        nothing="Aucun paiement n’est attendu\u00a0: vos factures sont payées, ou leur délai n’a pas commencé.",
        first="À payer",
    )


def delays(asked: DashboardAsked) -> Figures:
    found = dashboard.delays_by_body(sent=asked.sent)
    urls = [_paid_by(asked, row) for row in found]
    return Figures(
        title="En combien de jours vous êtes payé",
        lead="Du jour où l’organisme a été prévenu au paiement, y compris quand il attendait une réponse de vous. Le "
        "trait marque le délai légal.",
        nothing="Aucune facture n’a été payée pendant cette période.",
        columns=[
            {"label": "Organisme", "kind": "name"},
            {"label": "Payées", "kind": "text"},
            {"label": "En moyenne", "kind": "text"},
            {"label": "Au plus", "kind": "text"},
            {"label": "Délai légal", "kind": "text"},
        ],
        rows=[
            {
                "url": url,
                "cells": [str(row.body), row.count, _days(row.mean), _days(row.longest), _days(Decimal(row.limit))],
            }
            for row, url in zip(found, urls, strict=True)
        ],
        bars=[
            Bar(
                label=str(row.body),
                value=row.mean,
                text=_days(row.mean),
                url=url,
                limit=Decimal(row.limit),
                mood=Mood.STOPPED if row.mean > row.limit else Mood.PAID,
            )
            for row, url in zip(found, urls, strict=True)
            if row.mean is not None
        ],
        file=(
            ["Organisme", "Identifiant", "Factures payées", "Jours en moyenne", "Jours au plus", "Délai légal (jours)"],
            [[str(row.body), row.body.identifier, row.count, row.mean, row.longest, row.limit] for row in found],
        ),
    )


TABLES: dict[str, Callable[[DashboardAsked], Figures]] = {
    "statuts": statuses, "delais": delays, "motifs": reasons, "attendu": expected,
}  # fmt: skip


@page(get=SEE_ISSUED_INVOICE, bears_lag=True)
def show(request: HttpRequest, invoices: QuerySet[Invoice]) -> HttpResponse:
    """All figures, of the same invoices as the list."""
    asked = _asked(request, invoices)
    context = {
        "form": asked.form,
        "since": day(asked.form.first_day(asked.today)),
        "tables": [
            {
                "name": name,
                "figures": made(asked),
                "csv_url": f"{reverse('issued_dashboard_file', args=[name])}?{asked.form.address()}",
            }
            for name, made in TABLES.items()
        ],
    }
    return render(request, "issued/dashboard.html", context)


@page(get=SEE_ISSUED_INVOICE, bears_lag=True)
def file(request: HttpRequest, invoices: QuerySet[Invoice], table: str) -> HttpResponse:
    """One of the tables, for a spreadsheet. Http404 for one that there is not."""
    if table not in TABLES:
        raise Http404
    asked = _asked(request, invoices)
    heading, rows = TABLES[table](asked).file
    name = quote(f"tableau-de-bord-{table}-{asked.today.isoformat()}.csv")
    return HttpResponse(
        csv_text(heading=heading, rows=rows),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _asked(request: HttpRequest, invoices: QuerySet[Invoice]) -> DashboardAsked:
    structures = reached(actor=acting(request), right=Right.SEE_ISSUED).order_by("name")
    form = DashboardForm(request.GET.dict(), structures=structures, chosen=chosen_among(request, structures))
    issued = invoices.filter(seller=form.whose) if form.whose else invoices
    return DashboardAsked(issued=issued, form=form, today=day_in_paris(now()))


@dataclass(frozen=True)
class _Line:
    label: str
    totals: SentTotals
    url: str
    mood: Mood


def _of_totals(
    lines: Sequence[_Line], *, title: str, lead: str, nothing: str, first: str, by_count: bool = False
) -> Figures:
    """Figures that count invoices and add up what is to be paid; drawn by the amount in euros, or ``by_count``."""
    if any(set(line.totals.amounts) - {"EUR"} for line in lines) and not by_count:
        lead += " Le dessin ne montre que les euros."
    text = partial(str) if by_count else lambda value: money(value, "EUR")
    values = [Decimal(line.totals.count) if by_count else line.totals.euros for line in lines]
    return Figures(
        title=title,
        lead=lead,
        nothing=nothing,
        columns=[{"label": first, "kind": "name"}, _COUNT, _AMOUNT],
        rows=[
            {"url": line.url, "cells": [line.label, line.totals.count, amounts_in_words(line.totals.amounts)]}
            for line in lines
        ],
        bars=[
            Bar(label=line.label, value=value, text=text(value), url=line.url, mood=line.mood)
            for line, value in zip(lines, values, strict=True)
        ],
        file=(
            [first, "Combien de factures et d’avoirs", "Montant à payer", "Devise"],
            [
                [line.label, line.totals.count, value, currency]
                for line in lines
                for currency, value in sorted(line.totals.amounts.items())
            ],
        ),
    )


def _days(value: Decimal | None) -> str:
    return "non connu" if value is None else f"{amount(value, least=0)}\u00a0jour{'s' if value >= 2 else ''}"


def _paid_by(asked: DashboardAsked, row: BodyDelay) -> str:
    """The list finds a body by its SIRET alone."""
    identifier = row.body.identifier
    is_siret = identifier.isdigit() and len(identifier) == 14
    return asked.list_url(status=Status.PAID_OUT.value, delai="on", partie=identifier) if is_siret else ""


def _when(stretch: Stretch, step: StretchStep) -> str:
    if stretch.first is None:
        return "En retard"
    if stretch.last is None:
        return "Plus tard"
    if step is StretchStep.WEEK:
        return f"Du {stretch.first:%d/%m} au {stretch.last:%d/%m}"
    return f"{MONTHS[stretch.first.month - 1]} {stretch.first.year}".capitalize()
