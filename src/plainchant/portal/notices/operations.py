"""Choose how often one is mailed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from plainchant.portal.accounts.models import User
from plainchant.portal.lib.errors import Refused
from plainchant.portal.mail.strangers import named
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.rights.rights import Space
from plainchant.portal.structures.memberships import locked

from .models import OF_CLIENTS, NoticeChoice
from .muting import Muting
from .permissions import CHOOSE_NOTICES
from .queries import Topic, followers, rhythms_of, shared_address, topics_of
from .rhythms import Rhythm


class LastToHear(Refused):
    """Nobody would be told any more of the invoices that a body receives."""

    code = "last_to_hear"


class NotFollowed(Refused):
    """The actor does not follow those invoices (any more)."""

    code = "notices_not_followed"


@transaction.atomic
def choose(*, chosen: Mapping[str, Rhythm], actor: Actor, at: datetime) -> int:
    """Be mailed in these rhythms from now on, by the keys of the actor's `topics_of`; how many changed.

    Raises NotAllowed, NotFollowed, and LastToHear for the last who hears of what a body receives: nothing has changed
    then.
    """
    require(actor, CHOOSE_NOTICES)
    topics = {topic.key: topic for topic in topics_of(actor=actor)}
    if set(chosen) - set(topics):
        raise NotFollowed(
            "Rien n’a été enregistré\u00a0: vous ne suivez plus une partie de ces factures. La page montre maintenant "
            "celles que vous suivez."
        )
    before = rhythms_of(topics=list(topics.values()), actor=actor, at=at)
    changed = {key: rhythm for key, rhythm in chosen.items() if rhythm is not before[key]}
    for key, rhythm in sorted(changed.items()):
        if rhythm is Rhythm.NEVER:
            _refuse_the_last(topics[key], actor)
    NoticeChoice.objects.bulk_create(
        NoticeChoice(
            membership=topics[key].membership,
            space=topics[key].space or OF_CLIENTS,
            service=topics[key].service,
            rhythm=rhythm,
            chosen_at=at,
        )
        for key, rhythm in changed.items()
    )
    return len(changed)


def _refuse_the_last(topic: Topic, actor: Actor) -> None:
    structure, service = topic.membership.structure, topic.service
    locked(structure)  # two people who give it up at once must see each other
    if topic.space is not Space.RECEIVED or shared_address(structure=structure, service=service):
        return
    others = [
        follower
        for follower in followers(structure=structure, space=topic.space, service=service)
        if follower.person != actor.person and follower.rhythm is not Rhythm.NEVER
    ]
    if not others:
        whose = named(structure) + (f", service {named(service)}" if service else "")
        raise LastToHear(
            f"Vous êtes la seule personne prévenue des factures reçues par {whose}. Ces messages font courir le délai "
            "de paiement\u00a0: quelqu’un doit les recevoir. Donnez d’abord une adresse à la structure, sur sa fiche, "
            "ou choisissez une liste.",
            field=topic.key,
        )


def mute(*, muting: Muting, at: datetime) -> None:
    """Do what a mail's own link asks: no more of them, or a list in place of what is received.

    Nothing changes where it has been done, or the attachment has ended. Raises LastToHear.
    """
    whose = Q(pk=muting.person) if muting.person else Q(memberships=muting.membership)
    person = User.objects.filter(whose, is_active=True).first()
    if person is None:
        return
    actor = Actor(person)
    topics = [
        topic
        for topic in topics_of(actor=actor)
        if muting.person or (topic.membership.pk == muting.membership and topic.space is muting.space)
    ]
    rhythms = rhythms_of(topics=topics, actor=actor, at=at)
    choose(
        chosen={topic.key: _quieter(topic, muting) for topic in topics if rhythms[topic.key] is muting.rhythm},
        actor=actor,
        at=at,
    )


def _quieter(topic: Topic, muting: Muting) -> Rhythm:
    is_told_at_once = topic.space is Space.RECEIVED and muting.rhythm is Rhythm.AT_ONCE
    return Rhythm.DAILY if is_told_at_once else Rhythm.NEVER
