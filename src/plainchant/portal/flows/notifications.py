"""The mail that says a flow has come to its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q

from plainchant.einvoice import wording
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE
from plainchant.portal.accounts import links
from plainchant.portal.invoices.kinds import counted
from plainchant.portal.invoices.notifications import to_delegates
from plainchant.portal.lib.elision import of
from plainchant.portal.mail.mails import Button, Mail, MailRow, MailRows, Part
from plainchant.portal.mail.operations import OutboxMail, post, post_all
from plainchant.portal.mail.strangers import named
from plainchant.portal.notices.queries import Addressee, told_of_issued
from plainchant.portal.rights.rights import Space
from plainchant.portal.structures.models import Structure

from .codes import refusals
from .models import Flow, FlowInvoice, State
from .queries import taken_now, with_remarks

FLOW_ENDED = "flow_ended"
FLOW_DEPOSITED = "flow_deposited"
FIRST = 5  # refusals told in the mail; the report has them all
_FIRST = {
    State.INTEGRATED: "Toutes les factures de votre envoi {name} ont été prises : {accepted}.",
    State.PARTLY: "Votre envoi {name} a été pris en partie : {accepted}, {refused}.",
    State.REJECTED: "Aucune facture de votre envoi {name} n’a pu être prise{refused_too}.",
}


def flow_url(flow: Flow) -> str:
    return f"{settings.PUBLIC_URL}/flux/{flow.uid}/"


def tell_sender(*, flow: Flow, at: datetime) -> None:
    """Written in the transaction that ends the flow. Of a program's, its structure hears where something was refused.

    A program reads the report itself.
    """
    noted = with_remarks(flow=flow).count()
    accepted, refused = _count(flow.accepted, "prise"), _count(flow.refused, "refusée")
    again = flow.accepted - taken_now(flow=flow).count()
    earlier = f"{again} déjà prise{'s' if again > 1 else ''} avant" if again else ""
    parts = [earlier, f"{noted} avec une remarque" if noted else ""]
    accepted += f" (dont {', '.join(filter(None, parts))})" if any(parts) else ""
    first = _FIRST[State(flow.state)].format(
        name=named(flow.name[:80]),
        accepted=accepted,
        refused=refused,
        refused_too=f" ({refused})" if flow.refused else "",
    )
    mail = Mail(
        f"Flux {flow.number} : {State(flow.state).label.lower()}",
        first,
        flow.trouble,
        *(_refusals(flow) if flow.refused else ()),
        Button("Le compte rendu, facture par facture", flow_url(flow)),
    )
    for addressee in _senders(flow):
        post(
            kind=FLOW_ENDED,
            recipient=addressee.address,
            mail=mail,
            event=f"{flow.uid}:{flow.state}",
            at=at,
            mute_token=addressee.mute_token,
        )


def _senders(flow: Flow) -> list[Addressee]:
    if not flow.sender.is_technical:
        return [Addressee(flow.sender.notice_address)]
    if flow.state == State.INTEGRATED:
        return []
    return told_of_issued(structure=flow.structure, is_urgent=True)


def tell_sellers(*, flow: Flow, at: datetime) -> None:
    """Tell the others of each supplier, once for all that the flow has sent in its name; the sender knows.

    An invoice that had been taken before was told of then.
    """
    is_credit_note = Q(invoice__type_code=CREDIT_NOTE)
    counts = {
        seller: (invoices, notes)
        for seller, invoices, notes in taken_now(flow=flow)
        .values_list("invoice__seller")
        .annotate(invoices=Count("pk", filter=~is_credit_note), notes=Count("pk", filter=is_credit_note))
        .order_by()
    }
    for seller in Structure.objects.filter(pk__in=counts):
        invoices, notes = counts[seller.pk]
        many = counted(invoices=invoices, credit_notes=notes)
        is_one = invoices + notes == 1
        ending = ("" if notes else "e") + ("" if is_one else "s")
        mail = Mail(
            f"{many} {of(named(seller))} : déposé{ending}",
            f"{many} {of(named(seller))} {'a' if is_one else 'ont'} été envoyé{ending} "
            f"par {named(flow.sender.get_full_name())}, dans l’envoi {named(flow.name[:80])} (flux {flow.number}).",
            Button("Les suivre", f"{settings.PUBLIC_URL}/factures/"),
            note=Button("Choisir ce que vous recevez, et quand", links.notifications()),
        )
        event, addresses = f"{flow.uid}:{seller.uid}", {flow.sender.email, flow.sender.notice_address}
        mails = [
            OutboxMail(
                kind=FLOW_DEPOSITED,
                recipient=addressee.address,
                mail=mail,
                event=event,
                mute_token=addressee.mute_token,
            )
            for addressee in told_of_issued(structure=seller, is_urgent=False)
            if addressee.address not in addresses
        ]
        addresses |= {row.recipient for row in mails}
        post_all(
            mails=[*mails, *to_delegates(client=seller, space=Space.ISSUED, mail=mail, event=event, but=addresses)],
            at=at,
        )


def _refusals(flow: Flow) -> Sequence[Part]:
    """The first refused invoices, each with the first thing to mend."""
    refused = FlowInvoice.objects.filter(flow=flow, invoice__isnull=True)
    rows = []
    for refusal in refused[:FIRST]:
        reasons = refusals(refusal.findings)
        what = " ".join(reasons[0]["message"].split())[:300] if reasons else ""
        more = len(reasons) - 1
        rows.append(MailRow(f"{refusal.title[:60]} : {what}" + (f" (et {more} de plus)" if more > 0 else "")))
    rest = flow.refused - FIRST
    if rest > 0:
        rows.append(MailRow(f"et {wording.counted(rest, 'autre')}, dans le compte rendu."))
    return (
        "À corriger :",
        MailRows(tuple(rows)),
        "Une facture refusée n’a pas consommé son numéro : corrigez-la, puis renvoyez-la seule.",
    )


def _count(number: int, word: str = "") -> str:
    return f"{number} facture {word}".rstrip() if number < 2 else f"{number} factures {word and f'{word}s'}".rstrip()
