"""Read commitments: those that an actor may see, one that is looked for, and what is asked for a supplier's invoice."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from plainchant.einvoice.identifiers import bare
from plainchant.einvoice.rules.recipient import commitment_key
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.reach import reached, services_reached

from .models import Commitment

_LONGEST_TEXT = 60
_SHORTEST_KEY = 4  # of a shorter number any other is a typo


def commitments_for(*, actor: Actor, right: Right) -> QuerySet[Commitment]:
    """The commitments of the bodies, or of the services of bodies, over which the actor has this right."""
    theirs = Q(structure__in=reached(actor=actor, right=right)) | Q(
        service__in=services_reached(actor=actor, right=right)
    )
    return Commitment.objects.filter(theirs).select_related("structure", "service").order_by("number", "pk")


def looked_up(commitments: QuerySet[Commitment], *, text: str) -> tuple[QuerySet[Commitment], bool]:
    """Those whose number, supplier, subject or contract is looked for, and whether only a typo leads to them.

    A number is found whatever stands between its letters, with one letter wrong, missing, too many, or two turned.
    """
    text = text.strip()[:_LONGEST_TEXT]
    key, digits = commitment_key(text), bare(text)
    if not key:
        return commitments, False
    found = (
        Q(key__contains=key) | Q(supplier__icontains=text) | Q(subject__icontains=text) | Q(contract__icontains=text)
    )
    if digits.isdigit() and len(digits) in (9, 14):
        found |= Q(identifier__startswith=digits[:9])
    if len(key) < _SHORTEST_KEY or commitments.filter(found).exists():
        return commitments.filter(found), False
    return commitments.filter(_within_one_letter(key)), True


def _within_one_letter(key: str) -> Q:
    exact, patterns = {key}, []
    for place in range(len(key) + 1):
        before, after = key[:place], key[place:]
        if after:
            exact.add(before + after[1:])
            patterns.append(f"^{re.escape(before)}.{re.escape(after[1:])}$")
        if len(after) > 1:
            exact.add(before + after[1] + after[0] + after[2:])
        patterns.append(f"^{re.escape(before)}.{re.escape(after)}$")
    return Q(key__in=exact) | Q(key__regex="|".join(patterns))


def named_by(*, structure: Structure, number: str) -> Commitment | None:
    """The commitment of a body that an invoice names, however it parts its letters."""
    key = commitment_key(number)
    return Commitment.objects.filter(structure=structure, key=key).select_related("service").first() if key else None


def keeps_any(*, structure: Structure) -> bool:
    """Whether the body keeps its commitments here: of one that keeps none, nothing is unknown."""
    return Commitment.objects.filter(structure=structure).exists()
