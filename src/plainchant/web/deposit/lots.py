"""Files that were handed in together: how far their reading has come, what to look at, and sending what is ready."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.einvoice import wording
from plainchant.portal.drops import sending
from plainchant.portal.drops.models import Drop, DroppedFile
from plainchant.portal.drops.permissions import PREPARE_DROP, SEND_DROP
from plainchant.portal.drops.queries import files_of
from plainchant.portal.drops.standing import DropStanding, Standing, of_file, standing_of
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import SEND_INVOICES
from plainchant.portal.lib.time import now
from plainchant.portal.rights.rights import Right
from plainchant.web.account.visitor import acting, chosen_among
from plainchant.web.fields import InWhoseNameForm
from plainchant.web.routes import page
from plainchant.web.templatetags.plainchant import day, money

# Where a file stands → its shape and its words.
WORDS: dict[Standing, tuple[str, str]] = {
    Standing.TO_LOOK_AT: ("needs_you", "À regarder"),
    Standing.ISSUER: ("needs_you", "De qui est-elle ?"),
    Standing.REFUSED: ("stopped", "Pas prise"),
    Standing.ELECTRONIC: ("waiting", "Facture électronique"),
    Standing.READY: ("moving", "Prête"),
    Standing.LEAVING: ("moving", "Part"),
    Standing.READING: ("waiting", "À lire"),
    Standing.KNOWN: ("stopped", "Déjà là"),
    Standing.SENT: ("paid", "Envoyée"),
    Standing.GONE: ("stopped", "Supprimée"),
}
# What waits for the person first, then what may leave, then the rest.
_ORDER = list(WORDS)


@dataclass(frozen=True)
class LotRow:
    """One file of the list."""

    name: str
    url: str
    status: dict[str, str]
    why: str
    seller: str
    buyer: str
    number: str
    amount: str


@page(get=PREPARE_DROP)
def show(request: HttpRequest, drop: Drop) -> HttpResponse:
    """The list: progress with numbers, then each file with what there is to do."""
    standing = standing_of(drop=drop, at=now())
    context = {**_context(drop, standing), "form": _electronic_form(request, standing)}
    if request.htmx and standing.is_moving:  # type: ignore[attr-defined]
        return render(request, "deposit/_lot.html", context)
    answer = render(request, "deposit/lot.html", context)
    if request.htmx:  # type: ignore[attr-defined]
        answer["HX-Refresh"] = "true"  # all is read: the page has its buttons
    return answer


@page(get=SEND_DROP, post=SEND_DROP, back="drop_show")
def send(request: HttpRequest, drop: Drop) -> HttpResponse:
    """What will leave, and in whose name; then, once confirmed, each leaves alone."""
    if request.method == "POST":
        revisions = {}
        for chosen in request.POST.getlist("file"):
            uid, _, revision = chosen.partition(":")
            if revision.isdecimal() and len(revision) < 9:
                revisions[uid] = int(revision)
        count = sending.send_ready(drop=drop, revisions=_known(drop, revisions), actor=acting(request), at=now())
        if count:
            messages.info(request, "La facture part." if count == 1 else f"Les {count} factures partent.")
        return redirect("drop_show", uid=drop.uid)
    ready = standing_of(drop=drop, at=now()).of(Standing.READY)
    if not ready:
        return redirect("drop_show", uid=drop.uid)
    invoices = [file.invoice for file in ready if file.invoice is not None]
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for invoice in invoices:
        sums[invoice.currency] += invoice.kind.amount or 0
    sellers = Counter(str(invoice.seller) for invoice in invoices)
    context = {
        "drop": drop,
        "ready": ready,
        "sums": [money(total, currency) for currency, total in sums.items()],
        "sellers": sorted(sellers.items()),
    }
    return render(request, "deposit/lot_send.html", context)


@page(post=SEND_DROP, back="drop_show")
def send_electronic(request: HttpRequest, drop: Drop) -> HttpResponse:
    """Send the electronic invoices of the lot as they are."""
    form = _electronic_form(request, standing_of(drop=drop, at=now()))
    if form is None:
        return redirect("drop_show", uid=drop.uid)
    if not form.is_valid():
        context = {**_context(drop, standing_of(drop=drop, at=now())), "form": form}
        return render(request, "deposit/lot.html", context, status=422)
    flow = sending.send_electronic(drop=drop, structure=form.cleaned_data["structure"], actor=acting(request), at=now())
    return redirect("flows_show", uid=flow.uid)


def place_in_lot(request: HttpRequest, invoice: Invoice) -> dict[str, Any] | None:
    """Of a draft that came with others: its place, and the ones before and after it that are to be looked at."""
    mine = files_of(actor=acting(request), right=Right.PREPARE)
    file = mine.filter(invoice=invoice, state=DroppedFile.State.DRAFTED).order_by("-pk").first()
    if file is None:
        return None
    rows = [row for row, _ in standing_of(drop=file.drop, at=now()).files]  # what was just answered is no longer asked
    if len(rows) < 2:
        return None
    place = next(index for index, row in enumerate(rows) if row.pk == file.pk)
    waiting = [row for row in rows if of_file(row) is Standing.TO_LOOK_AT and row.pk != file.pk]
    before = [row for row in waiting if row.position < file.position]
    after = [row for row in waiting if row.position > file.position]
    following = next(iter(after or before), None)
    return {
        "url": reverse("drop_show", args=[file.drop.uid]),
        "place": place + 1,
        "count": len(rows),
        "previous": _url(before[-1], Standing.TO_LOOK_AT) if before else "",
        "next": _url(following, Standing.TO_LOOK_AT) if following else "",
        "left": len(waiting),
    }


def _known(drop: Drop, revisions: dict[str, int]) -> dict[str, int]:
    """Those that name a file of the drop."""
    uids = {str(uid) for uid in drop.files.values_list("uid", flat=True)}
    return {uid: revision for uid, revision in revisions.items() if uid in uids}


def _electronic_form(request: HttpRequest, standing: DropStanding) -> InWhoseNameForm | None:
    """In whose name the electronic invoices are handed in; None where there are none."""
    if not standing.of(Standing.ELECTRONIC):
        return None
    structures = SEND_INVOICES.reached_by(acting(request)).filter(is_active=True).order_by("name")
    typed = request.POST if request.method == "POST" else None
    return InWhoseNameForm(typed, structures=structures, chosen=chosen_among(request, structures))


def _context(drop: Drop, standing: DropStanding) -> dict[str, Any]:
    counts = Counter(place for _, place in standing.files)
    total = len(standing.files)
    to_look_at = counts[Standing.TO_LOOK_AT] + counts[Standing.ISSUER]
    counted = [
        (counts[Standing.READY], "prête", "prêtes"),
        (to_look_at, "à regarder", "à regarder"),
        (counts[Standing.LEAVING], "part", "partent"),
        (counts[Standing.SENT], "envoyée", "envoyées"),
        (counts[Standing.KNOWN], "déjà là", "déjà là"),
        (counts[Standing.ELECTRONIC], "électronique", "électroniques"),
        (counts[Standing.REFUSED], "pas prise", "pas prises"),
    ]
    waiting = standing.of(Standing.TO_LOOK_AT, Standing.ISSUER)
    return {
        "drop": drop,
        "rows": [_row(file, place) for file, place in sorted(standing.files, key=lambda row: _ORDER.index(row[1]))],
        "total": total,
        "read": standing.read_count,
        "is_reading": counts[Standing.READING] > 0,
        "is_moving": standing.is_moving,
        "summary": ", ".join(
            f"{count} {singular if count == 1 else plural}" for count, singular, plural in counted if count
        ),
        "ready": counts[Standing.READY],
        "electronic": counts[Standing.ELECTRONIC],
        "first_to_look_at": _url(waiting[0], of_file(waiting[0])) if waiting else "",
        "to_look_at": to_look_at,
    }


def _url(file: DroppedFile, standing: Standing) -> str:
    if standing is Standing.ISSUER:
        return reverse("drop_issuer", args=[file.uid])
    if file.flow is not None:
        return reverse("flows_show", args=[file.flow.uid])
    if file.invoice is None or standing is Standing.GONE:
        return ""
    return reverse("deposit_prepare", args=[file.invoice.uid])


def _row(file: DroppedFile, standing: Standing) -> LotRow:
    shape, word = WORDS[standing]
    invoice = file.invoice
    return LotRow(
        name=file.name,
        url=_url(file, standing),
        status={"shape": shape, "word": word},
        why=_why(file, standing),
        seller=str(invoice.seller) if invoice else "",
        buyer=str(invoice.buyer) if invoice and invoice.buyer else "",
        number=invoice.number if invoice else "",
        amount=money(invoice.kind.amount, invoice.currency) if invoice else "",
    )


def _why(file: DroppedFile, standing: Standing) -> str:
    if standing is Standing.KNOWN and file.invoice is not None:
        sent = file.invoice.deposited_at
        return f"Vous l’avez déjà envoyée le {day(sent)}." if sent else "Vous en avez déjà un brouillon."
    if file.sentence:
        return file.sentence
    if standing is Standing.TO_LOOK_AT:
        first, more = file.questions[0] if file.questions else "", len(file.questions) - 1
        return f"{first} Et {wording.counted(more, 'autre')}." if more > 0 else str(first)
    if standing is Standing.ISSUER:
        return "Son SIRET ne dit pas laquelle de vos structures l’a faite."
    return ""
