"""The applications of a structure (client_id and client_secret), beside its technical accounts (`programs`).

A secret is shown on the page that answers its making, and on no other; whoever makes one proves again who they are.
"""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from plainchant.portal.lib.time import now
from plainchant.portal.structures import applications
from plainchant.portal.structures.models import Application, ApplicationSecret, Structure
from plainchant.portal.structures.permissions import MANAGE_APPLICATION, MANAGE_STRUCTURE
from plainchant.web.account.fields import NameField
from plainchant.web.account.proof import needs_proof
from plainchant.web.account.visitor import acting
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page

from .programs import base_addresses


class ApplicationForm(forms.Form):
    """How an application is called."""

    name = NameField(
        label="Comment s’appelle ce logiciel\u00a0?",
        help_text="Pour le reconnaître dans votre liste.",
        longest=80,
        missing="Écrivez le nom de ce logiciel, pour le reconnaître.",
    )


@page(get=MANAGE_STRUCTURE, post=MANAGE_STRUCTURE, back="programs")
@needs_proof()
def make(request: HttpRequest, structure: Structure) -> HttpResponse:
    form = ApplicationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            application, secret = applications.make(
                structure=structure, actor=acting(request), name=form.cleaned_data["name"], at=now()
            )
            return _shown_once(request, application, secret)
    return render(request, "structures/application_make.html", {"structure": structure, "form": form})


def _shown_once(request: HttpRequest, application: Application, secret: str) -> HttpResponse:
    context = {
        "application": application,
        "structure": application.structure,
        "secret": secret,
        "addresses": base_addresses(),
    }
    answer = render(request, "structures/application_secret.html", context)
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


def _own(application: Application) -> str:
    return reverse("application", args=[application.uid])


@page(get=MANAGE_APPLICATION)
def show(request: HttpRequest, application: Application) -> HttpResponse:
    """One application: its client_id, its secrets, and what can be done about them."""
    secrets = list(applications.kept_secrets(application=application))
    context = {
        "application": application,
        "structure": application.structure,
        "secrets": secrets,
        "may_add": len(secrets) < applications.MOST_SECRETS,
        "addresses": base_addresses(),
    }
    return render(request, "structures/application.html", context)


@page(get=MANAGE_APPLICATION, post=MANAGE_APPLICATION, back=_own)
@needs_proof()
def add_secret(request: HttpRequest, application: Application) -> HttpResponse:
    """Ask, say how one moves from one to the other, then show the new one."""
    if request.method == "POST":
        secret = applications.add_secret(application=application, actor=acting(request), at=now())
        return _shown_once(request, application, secret)
    return _asked(
        request,
        application,
        question="Demander un nouveau client_secret\u00a0?",
        consequence="L’ancien continue de servir, jusqu’à ce que vous le retiriez\u00a0: rien ne s’arrête. Le nouveau "
        "sera montré une seule fois, sur la page suivante.",
        button="Montrer le nouveau client_secret",
    )


@page(get=MANAGE_APPLICATION, post=MANAGE_APPLICATION, back=_own)
def withdraw_secret(request: HttpRequest, application: Application, number: int) -> HttpResponse:
    secret = get_object_or_404(
        ApplicationSecret.objects.select_related("application__structure"), application=application, pk=number
    )
    if request.method == "POST":
        applications.withdraw_secret(secret=secret, actor=acting(request), at=now())
        messages.success(request, "Ce client_secret ne sert plus.")
        return redirect(_own(application))
    return _asked(
        request,
        application,
        question="Retirer ce client_secret\u00a0?",
        consequence="Un logiciel qui l’utilise encore s’arrêtera dans l’heure. Vérifiez qu’il a reçu le nouveau.",
        button="Retirer ce client_secret",
        is_danger=True,
    )


@page(get=MANAGE_APPLICATION, post=MANAGE_APPLICATION, back=_own)
def revoke_tokens(request: HttpRequest, application: Application) -> HttpResponse:
    if request.method == "POST":
        applications.revoke_tokens(application=application, actor=acting(request), at=now())
        messages.success(request, "Les jetons donnés jusqu’ici ne servent plus.")
        return redirect(_own(application))
    return _asked(
        request,
        application,
        question="Annuler les jetons de cette application\u00a0?",
        consequence="Les jetons donnés depuis une heure ne serviront plus, tout de suite. Un logiciel bien réglé en "
        "demande un autre sans que personne s’en aperçoive.",
        button="Annuler les jetons",
    )


@page(get=MANAGE_APPLICATION, post=MANAGE_APPLICATION, back=_own)
def end(request: HttpRequest, application: Application) -> HttpResponse:
    """Ask, say what it means, then end it."""
    if request.method == "POST":
        applications.end(application=application, actor=acting(request), at=now())
        messages.success(request, f"L’application {application.name} n’entre plus.")
        return redirect("programs", uid=application.structure.uid)
    return _asked(
        request,
        application,
        question=f"Mettre fin à l’application {application.name}\u00a0?",
        consequence="Les logiciels qui utilisent son client_id s’arrêtent tout de suite et pour toujours. Les comptes "
        "techniques restent.",
        button="Mettre fin à cette application",
        is_danger=True,
    )


def _asked(
    request: HttpRequest,
    application: Application,
    *,
    question: str,
    consequence: str,
    button: str,
    is_danger: bool = False,
) -> HttpResponse:
    context = {
        "structure": application.structure,
        "about": application.name,
        "own": _own(application),
        "question": question,
        "consequence": consequence,
        "button": button,
        "is_danger": is_danger,
        "here": request.path,
    }
    return render(request, "structures/program_ask.html", context)
