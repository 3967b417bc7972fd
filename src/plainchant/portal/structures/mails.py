"""The messages about structures: who asks to join, what was decided, what changed in the bank details.

Someone who is not attached yet reads only the SIRET they typed themselves. An IBAN is never written in full.
"""

from __future__ import annotations

from plainchant.einvoice.identifiers import grouped_siret, masked_iban
from plainchant.portal.accounts import links
from plainchant.portal.accounts.mails import SIGNATURE, Mail
from plainchant.portal.mail.strangers import named
from plainchant.portal.rights.actor import Actor

from .models import BankAccount, Membership, Structure


def _siret(structure: Structure) -> str:
    return grouped_siret(structure.identifier)


def request_to_decide(*, membership: Membership) -> Mail:
    """To the manager: someone asks to join."""
    person = membership.user
    message = f"Son message\u00a0: {named(membership.comment)}\n\n" if membership.comment else ""
    body = (
        "Bonjour,\n\n"
        f"{named(person.get_full_name())} ({person.email}) demande à être rattaché à {named(membership.structure)} "
        f"(SIRET {_siret(membership.structure)}), dont vous êtes le gestionnaire.\n\n"
        f"{message}"
        "Vérifiez qu’il s’agit bien d’un ou d’une collègue. Une personne rattachée voit les factures de la structure "
        "et peut en déposer en son nom.\n\n"
        "Pour accepter ou refuser\u00a0:\n\n"
        f"{links.my_structures()}\n\n"
    )
    return "Une demande de rattachement attend votre réponse", body + SIGNATURE


def accepted(*, membership: Membership) -> Mail:
    """To the person: the request is accepted."""
    structure = membership.structure
    body = (
        "Bonjour,\n\n"
        f"Votre demande est acceptée\u00a0: vous êtes rattaché à {named(structure)} (SIRET {_siret(structure)}). "
        "Vous pouvez dès maintenant agir en son nom.\n\n"
        f"{links.structure(uid=structure.uid)}\n\n"
    )
    return "Votre rattachement est accepté", body + SIGNATURE


def refused(*, membership: Membership) -> Mail:
    """To the person: the request is refused."""
    body = (
        "Bonjour,\n\n"
        f"Votre demande de rattachement à la structure de SIRET {_siret(membership.structure)} a été refusée par son "
        "gestionnaire. Rapprochez-vous de lui si vous pensez qu’il s’agit d’une erreur. Vous pourrez alors refaire "
        "votre demande, avec un mot pour vous présenter\u00a0:\n\n"
        f"{links.my_structures()}\n\n"
    )
    return "Votre demande de rattachement est refusée", body + SIGNATURE


def made_manager(*, structure: Structure) -> Mail:
    """To the person the operator appointed."""
    body = (
        "Bonjour,\n\n"
        f"Vous êtes désormais le gestionnaire de {named(structure)} (SIRET {_siret(structure)})\u00a0: vous répondez "
        "aux demandes de rattachement et vous tenez la fiche à jour.\n\n"
        f"{links.structure(uid=structure.uid)}\n\n"
    )
    return f"Vous êtes le gestionnaire de {named(structure)}", body + SIGNATURE


def no_longer_manager(*, structure: Structure, is_attached: bool) -> Mail:
    """To the former manager, who may not have asked for it."""
    left = "Vous y restez rattaché." if is_attached else "Vous n’y êtes plus rattaché."
    body = (
        "Bonjour,\n\n"
        f"Vous n’êtes plus le gestionnaire de {named(structure)} (SIRET {_siret(structure)}). {left}\n\n"
        "Vous ne vous y attendiez pas\u00a0? Prévenez sans attendre la personne qui tient ce portail.\n\n"
    )
    return f"Un nouveau gestionnaire pour {named(structure)}", body + SIGNATURE


def name_corrected(*, structure: Structure, former: str) -> Mail:
    """To everyone attached: the operator has corrected the legal name."""
    body = (
        "Bonjour,\n\n"
        f"L’exploitant de ce portail a corrigé le nom de votre structure (SIRET {_siret(structure)}).\n\n"
        f"Avant\u00a0: {named(former)}\n"
        f"Maintenant\u00a0: {named(structure.name)}\n\n"
        "Les factures déjà envoyées gardent l’ancien nom.\n\n"
        f"{links.structure(uid=structure.uid)}\n\n"
    )
    return "Le nom de votre structure a été corrigé", body + SIGNATURE


def bank_account_added(*, account: BankAccount, actor: Actor) -> Mail:
    return "De nouvelles coordonnées bancaires ont été ajoutées", _bank_body(
        account=account, actor=actor, what="a ajouté le compte bancaire"
    )


def bank_account_closed(*, account: BankAccount, actor: Actor) -> Mail:
    return "Des coordonnées bancaires ont été retirées", _bank_body(
        account=account, actor=actor, what="a retiré le compte bancaire"
    )


def _bank_body(*, account: BankAccount, actor: Actor, what: str) -> str:
    structure = account.structure
    return (
        "Bonjour,\n\n"
        f"{named(actor.name)} {what} {named(account.label)}, {masked_iban(account.iban)}, "
        f"sur la fiche de {named(structure)} (SIRET {_siret(structure)}).\n\n"
        f"{links.structure(uid=structure.uid)}\n\n"
        "Ce changement ne vous dit rien\u00a0? Parlez-en tout de suite au gestionnaire de la structure, de vive voix "
        "ou à un numéro que vous connaissez déjà, et ne payez rien sur ce compte en attendant.\n\n" + SIGNATURE
    )
