"""The messages about technical accounts, to the managers of their structure. A password is in none of them."""

from __future__ import annotations

from plainchant.einvoice import wording
from plainchant.portal.accounts import links
from plainchant.portal.lib.elision import of
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.mail.mails import Button, Mail, MailFact, MailFacts
from plainchant.portal.mail.strangers import named
from plainchant.portal.rights.actor import Actor

from .delegation_words import opened_by
from .models import TechnicalAccount, TechnicalSecret

_NOT_YOU = (
    "Ce n’est ni vous, ni un ou une collègue que vous connaissez\u00a0? Mettez fin à ce compte technique sur sa page, "
    "puis changez votre mot de passe."
)


def made(*, account: TechnicalAccount, actor: Actor) -> Mail:
    return Mail(
        f"Un logiciel peut agir pour {named(account.structure)}",
        f"{named(actor.name)} a créé un compte technique pour {named(account.structure)}.",
        _facts(account),
        "Le mot de passe n’a été montré qu’une fois, à cette personne. Ce compte ne peut jamais gérer la structure, ni "
        "changer où elle est payée.",
        _NOT_YOU,
        _button(account),
    )


def rights_changed(*, account: TechnicalAccount, actor: Actor) -> Mail:
    return Mail(
        f"Ce que le logiciel {named(account.name)} peut faire a changé",
        f"{named(actor.name)} a changé ce qu’un compte technique peut faire pour {named(account.structure)}.",
        _facts(account),
        _NOT_YOU,
        _button(account),
    )


def secret_made(*, account: TechnicalAccount, actor: Actor) -> Mail:
    return Mail(
        f"Un nouveau mot de passe pour le logiciel {named(account.name)}",
        f"{named(actor.name)} a demandé un autre mot de passe pour un compte technique {of(named(account.structure))}. "
        "L’ancien sert toujours, jusqu’à ce que quelqu’un le retire.",
        _facts(account),
        _NOT_YOU,
        _button(account),
    )


def ended(*, account: TechnicalAccount, actor: Actor) -> Mail:
    return Mail(
        f"Le logiciel {named(account.name)} n’agit plus pour {named(account.structure)}",
        f"{named(actor.name)} a mis fin à un compte technique {of(named(account.structure))}, tout de suite. Le "
        "logiciel qui l’utilisait ne peut plus rien envoyer ni lire. Ce qu’il a fait reste dans l’historique.",
        _facts(account),
        _button(account),
    )


def ending(*, secret: TechnicalSecret, days: int) -> Mail:
    """``days`` before its end, or 0 once it has ended."""
    account = secret.technical_account
    day = wording.day(day_in_paris(secret.ends_at))
    if days == 0:
        return Mail(
            f"Le logiciel {named(account.name)} n’entre plus\u00a0: son mot de passe a pris fin",
            f"Un mot de passe d’un compte technique {of(named(account.structure))} a pris fin le {day}. Le logiciel "
            "qui l’utilise ne peut plus rien envoyer ni lire.",
            _facts(account),
            "Demandez un nouveau mot de passe sur la page de ce compte, et donnez-le au logiciel.",
            _button(account),
        )
    return Mail(
        f"Le mot de passe du logiciel {named(account.name)} prend fin dans {days} jours au plus",
        f"Un mot de passe d’un compte technique {of(named(account.structure))} prend fin le {day}. Ce jour-là, le "
        "logiciel qui l’utilise ne pourra plus rien envoyer ni lire.",
        _facts(account),
        "D’ici là\u00a0: demandez un second mot de passe, donnez-le au logiciel, puis retirez l’ancien. Les deux "
        "servent en même temps, rien ne s’arrête.",
        _button(account),
    )


def _facts(account: TechnicalAccount) -> MailFacts:
    return MailFacts(
        (
            MailFact("Logiciel", named(account.name)),
            MailFact("Identifiant", account.identifier),
            MailFact("Ce qu’il peut faire", opened_by(account)),
        )
    )


def _button(account: TechnicalAccount) -> Button:
    return Button("Ouvrir la page de ce compte", links.technical_account(uid=account.uid))
