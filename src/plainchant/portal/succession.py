"""The change of a SIRET, whole: one transaction carries over what each app keeps of a structure.

What was sent stays with the structure that sent it, which is read by the same people and closed to new invoices.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db.models import F

from plainchant.portal.commitments.models import Commitment
from plainchant.portal.directory import operations as directory
from plainchant.portal.drafts.models import Draft, InvoiceSettings
from plainchant.portal.drafts.operations import write_columns
from plainchant.portal.drops.models import Drop
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice, ReasonText
from plainchant.portal.library.models import LibraryFile
from plainchant.portal.mandates.models import BillingMandate
from plainchant.portal.pins.models import Pin
from plainchant.portal.rights.actor import SYSTEM, Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.structures.heirs import Inheritance, SiretNotPossible, take_over
from plainchant.portal.structures.managers import known_structure
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.permissions import MANAGE_STRUCTURE

log = logging.getLogger(__name__)


def change_siret(*, structure: Structure, siret: str, actor: Actor, at: datetime) -> Structure:
    """The manager declares the new SIRET (clean) of a private structure; returns the structure that goes on.

    Raises NotAllowed, SiretNotPossible.
    """
    require(actor, MANAGE_STRUCTURE, structure)
    if structure.is_public:
        raise SiretNotPossible(
            "Le SIRET d’un organisme public ne se change pas ici\u00a0: écrivez à la personne qui tient ce portail."
        )
    return _succeed(former=structure, siret=siret, actor=actor, at=at)


def change_siret_as_operator(*, siret: str, new: str, at: datetime) -> Structure:
    """The operator does it, for any structure that ``siret`` names. ``new`` is clean. Raises SiretNotPossible."""
    former = known_structure(siret, refusal=SiretNotPossible)
    heir = _succeed(former=former, siret=new, actor=SYSTEM, at=at)
    log.info("the operator changed the SIRET of structure %s, now %s", former.uid, heir.uid)
    return heir


def _succeed(*, former: Structure, siret: str, actor: Actor, at: datetime) -> Structure:
    with directory.search_kept_for([former]) as indexed:
        inherited = take_over(former=former, siret=siret, actor=actor, at=at)
        indexed.append(inherited.heir)
        _carry_mandate(inherited)
        _carry_settings(inherited)
        _carry_texts(inherited)
        _carry_commitments(inherited)
        LibraryFile.objects.filter(structure=former).update(structure=inherited.heir)
        Drop.objects.filter(seller=former).update(seller=inherited.heir)
        _carry_pins(inherited)
        _carry_drafts(inherited, at)
    return inherited.heir


def _carry_mandate(inherited: Inheritance) -> None:
    """The mandate goes on: the same company gave it. Its page says under which number."""
    heir = inherited.heir
    mandate = BillingMandate.objects.filter(structure=inherited.former, revoked_at__isnull=True).first()
    if mandate is None or heir.mandates.filter(revoked_at__isnull=True).exists():
        return
    facts = {
        **mandate.facts,
        "identifier": heir.identifier,
        "identifier_type": heir.identifier_type,
        "known_as": heir.known_as,
        "formerly": inherited.former.known_as,
    }
    BillingMandate.objects.create(
        structure=heir,
        name=mandate.name,
        text_version=mandate.text_version,
        facts=facts,
        subscribed_at=mandate.subscribed_at,
        subscribed_by=mandate.subscribed_by,
    )


def _carry_pins(inherited: Inheritance) -> None:
    """Links to the former one lead to the one that goes on."""
    there = Pin.objects.filter(structure=inherited.heir).values("user")
    Pin.objects.filter(structure=inherited.former).exclude(user__in=there).update(structure=inherited.heir)


def _carry_settings(inherited: Inheritance) -> None:
    if not InvoiceSettings.objects.filter(structure=inherited.heir).exists():
        InvoiceSettings.objects.filter(structure=inherited.former).update(structure=inherited.heir)


def _carry_texts(inherited: Inheritance) -> None:
    there = set(inherited.heir.reason_texts.values_list("reason_code", "text"))
    for text in inherited.former.reason_texts.all():
        if (text.reason_code, text.text) not in there:
            ReasonText.objects.filter(pk=text.pk).update(structure=inherited.heir)


def _carry_commitments(inherited: Inheritance) -> None:
    """What the heir has imported itself stays. A service keeps its code."""
    heir = inherited.heir
    theirs = Commitment.objects.filter(structure=inherited.former).exclude(
        key__in=Commitment.objects.filter(structure=heir).values("key")
    )
    services = dict(heir.services.values_list("code", "pk"))
    for former, code in list(theirs.order_by().values_list("service", "service__code").distinct()):
        Commitment.objects.filter(pk__in=list(theirs.filter(service=former).values_list("pk", flat=True))).update(
            structure=heir, service=services.get(code)
        )


def _carry_drafts(inherited: Inheritance, at: datetime) -> None:
    """What is not sent will be sent by the new one, on its own account."""
    drafts = Draft.objects.filter(invoice__seller=inherited.former, invoice__status=Status.DRAFT)
    for key in list(drafts.values_list("pk", flat=True)):
        draft = Draft.objects.select_for_update(of=("self",)).select_related("invoice").get(pk=key)
        if not Invoice.objects.filter(pk=draft.invoice_id, status=Status.DRAFT).update(seller=inherited.heir):
            continue  # sent meanwhile
        account = draft.fields.get("bank_account", "")
        known = {str(former): str(uid) for former, uid in inherited.accounts.items()}
        fields = {**draft.fields, "bank_account": known.get(account, account)} if account else draft.fields
        Draft.objects.filter(pk=key).update(typed={**draft.typed, "fields": fields}, revision=F("revision") + 1)
        draft = Draft.objects.select_related("invoice__seller").get(pk=key)
        write_columns(draft, at=at)
