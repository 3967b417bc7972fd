"""« Mes notifications »: how often one is mailed, structure by structure; and the link of a mail that stops it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import escape
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from plainchant.access.permissions import PUBLIC
from plainchant.portal.lib.elision import of
from plainchant.portal.lib.time import now
from plainchant.portal.notices import muting, operations, queries
from plainchant.portal.notices.permissions import CHOOSE_NOTICES
from plainchant.portal.notices.queries import Topic
from plainchant.portal.notices.rhythms import RHYTHMS, Rhythm
from plainchant.portal.rights.rights import Space
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

from .limits import too_many
from .visitor import acting, person

_CHOICES = [(row.rhythm.value, row.label) for row in RHYTHMS]
_SEVERAL = 3  # from so many on, one choice for all is offered


class RhythmsForm(forms.Form):
    """One question for each thing that the person follows."""

    marks_optional = False

    def __init__(self, *args: Any, topics: Sequence[Topic], rhythms: Mapping[str, Rhythm], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._topics = topics
        if len(topics) >= _SEVERAL:
            self.fields["everywhere"] = forms.ChoiceField(
                label="Le même rythme partout",
                choices=[("", "Non\u00a0: je choisis ligne par ligne"), *_CHOICES],
                required=False,
            )
        for topic in topics:
            self.fields[topic.key] = forms.ChoiceField(
                label=_name(topic), choices=_CHOICES, initial=rhythms[topic.key].value, help_text=_told_at_once(topic)
            )

    def of_space(self, space: Space | None) -> list[forms.BoundField]:
        return [self[topic.key] for topic in self._topics if topic.space is space]

    @property
    def chosen(self) -> dict[str, Rhythm]:
        everywhere = self.cleaned_data.get("everywhere")
        return {topic.key: Rhythm(everywhere or self.cleaned_data[topic.key]) for topic in self._topics}


def _name(topic: Topic) -> str:
    structure = str(topic.membership.structure)
    if topic.space is None:
        return f"Les clients {of(structure)}"
    return f"{structure}, service {topic.service}" if topic.service else structure


def _told_at_once(topic: Topic) -> str:
    if topic.space is not Space.RECEIVED:
        return ""
    structure, service = topic.membership.structure, topic.service
    address = queries.shared_address(structure=structure, service=service)
    if not address:
        return ""
    of_service = service is not None and bool(service.email)
    # A help text is put into the page as it is.
    return f"Toujours annoncées à {escape(address)}, l’adresse {'du service' if of_service else 'de la structure'}."


@csrf_exempt  # a mail program posts here, with no page of ours before it: the token is the proof (RFC 8058)
@page(get=PUBLIC, post=PUBLIC, before_second_factor=True)
@never_cache
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """What a mail's own link asks. Opening it changes nothing: mail scanners open every link."""
    asked = muting.read(token)
    if asked is None:
        raise Http404
    # By what the mail bears, not by visitor: the servers of a mail provider stop for thousands of people.
    limited = too_many(request, action="stop_notices", key=token) if request.method == "POST" else None
    if limited:
        return limited
    is_done = request.method == "POST"
    if is_done:
        operations.mute(muting=asked, at=now())
    becomes_a_list = asked.space is Space.RECEIVED and asked.rhythm is Rhythm.AT_ONCE
    context = {"is_done": is_done, "becomes_a_list": becomes_a_list}
    return render(request, "account/stop_notices.html", context)


@page(get=CHOOSE_NOTICES, post=CHOOSE_NOTICES, back="account_notifications")
def choose(request: HttpRequest) -> HttpResponse:
    actor, at = acting(request), now()
    topics = queries.topics_of(actor=actor)
    rhythms = queries.rhythms_of(topics=topics, actor=actor, at=at)
    form = RhythmsForm(request.POST if request.method == "POST" else None, topics=topics, rhythms=rhythms)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            operations.choose(chosen=form.chosen, actor=actor, at=at)
            messages.success(request, "C’est enregistré, à partir de maintenant.")
            return redirect("account_notifications")
    context = {
        "form": form,
        "person": person(request),
        "received": form.of_space(Space.RECEIVED),
        "issued": form.of_space(Space.ISSUED),
        "of_clients": form.of_space(None),
    }
    return render(request, "account/notifications.html", context)
