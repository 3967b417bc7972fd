"""The messages about structures: who asks to join, what was decided, what changed in the bank details.

Someone who is not attached yet reads only the identifier they typed themselves. An IBAN is never written in full.
"""

from __future__ import annotations

from plainchant.einvoice import wording
from plainchant.einvoice.identifiers import masked_iban
from plainchant.portal.accounts import links
from plainchant.portal.lib.elision import of
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.mail.mails import Button, Mail, MailFact, MailFacts
from plainchant.portal.mail.strangers import named
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.profiles import PROFILE_ROW, SPACE_NAMES
from plainchant.portal.rights.rights import Space

from .grants import profiles_held
from .models import BankAccount, Invitation, Membership, SpaceRequest, Structure


def request_to_decide(*, membership: Membership) -> Mail:
    """To the manager: someone asks to join."""
    person = membership.user
    return Mail(
        "Une demande de rattachement attend votre réponse",
        f"{named(person.get_full_name())} ({person.email}) demande à être rattaché à {named(membership.structure)} "
        f"({membership.structure.known_as}), dont vous êtes le gestionnaire.",
        _message(membership.comment),
        "Vérifiez qu’il s’agit bien d’un ou d’une collègue. Si vous acceptez, vous choisirez ce que cette personne "
        "pourra faire.",
        Button("Accepter ou refuser", links.my_structures()),
    )


def accepted(*, membership: Membership, comment: str = "") -> Mail:
    """To the person: the request is accepted."""
    structure = membership.structure
    return Mail(
        "Votre rattachement est accepté",
        f"Votre demande est acceptée\u00a0: vous êtes rattaché à {named(structure)} ({structure.known_as}).",
        _opened(membership),
        _message(comment),
        Button("Voir la fiche", links.structure(uid=structure.uid)),
    )


def refused(*, membership: Membership, comment: str = "") -> Mail:
    """To the person: the request is refused."""
    return Mail(
        "Votre demande de rattachement est refusée",
        "Votre demande de rattachement à la structure que vous avez nommée "
        f"({membership.structure.known_as}) a été refusée par son gestionnaire.",
        _message(comment),
        "Rapprochez-vous de lui si vous pensez qu’il s’agit d’une erreur. Vous pourrez alors refaire votre demande, "
        "avec un mot pour vous présenter.",
        Button("Refaire ma demande", links.my_structures()),
    )


def rights_changed(*, membership: Membership) -> Mail:
    """To the person: what they may do has changed."""
    structure = membership.structure
    return Mail(
        f"Vos droits sur {named(structure)} ont changé",
        f"Ce que vous pouvez faire pour {named(structure)} ({structure.known_as}) a changé. " + _opened(membership),
        Button("Voir la fiche", links.structure(uid=structure.uid)),
    )


def disabled(*, membership: Membership) -> Mail:
    """To the person: their access is suspended."""
    structure = membership.structure
    return Mail(
        f"Votre accès à {named(structure)} est suspendu",
        f"Votre accès à {named(structure)} ({structure.known_as}) est suspendu par un de ses gestionnaires. "
        "Vous ne voyez plus rien d’elle jusqu’à ce qu’il vous soit rendu.",
        "Vous ne vous y attendiez pas\u00a0? Parlez-en à ce gestionnaire.",
    )


def enabled(*, membership: Membership) -> Mail:
    """To the person: their access is back."""
    structure = membership.structure
    return Mail(
        f"Votre accès à {named(structure)} est rétabli",
        f"Votre accès à {named(structure)} ({structure.known_as}) vous est rendu. {_opened(membership)}",
        Button("Voir la fiche", links.structure(uid=structure.uid)),
    )


def detached(*, membership: Membership) -> Mail:
    """To the person: they are not attached any more."""
    structure = membership.structure
    return Mail(
        f"Vous n’êtes plus rattaché à {named(structure)}",
        f"Un gestionnaire {of(named(structure))} ({structure.known_as}) a mis fin à votre rattachement\u00a0: "
        "vous ne voyez plus rien d’elle. Votre compte et vos autres rattachements ne changent pas.",
        "Vous ne vous y attendiez pas\u00a0? Parlez-en à ce gestionnaire, ou demandez de nouveau à être rattaché.",
        Button("Demander à être rattaché", links.my_structures()),
    )


def left(*, membership: Membership) -> Mail:
    """To the managers: somebody left."""
    structure, person = membership.structure, membership.user
    return Mail(
        f"Une personne a quitté {named(structure)}",
        f"{named(person.get_full_name())} ({person.email}) a quitté {named(structure)} ({structure.known_as}) "
        "et n’en voit plus rien. Vous n’avez rien à faire.",
        Button("Voir la fiche", links.structure(uid=structure.uid)),
    )


def invited(*, invitation: Invitation, actor: Actor) -> Mail:
    """To the address that is invited, whether it has an account or not."""
    structure = invitation.structure
    return Mail(
        f"Une invitation à rejoindre {named(structure)}",
        f"{named(actor.name)} vous invite à rejoindre {named(structure)} ({structure.known_as}) sur ce portail de "
        f"factures. {_opened(invitation)}",
        f"Pour répondre, connectez-vous avec l’adresse {invitation.email}. Si elle n’a pas encore de compte, créez-le "
        "d’abord avec elle.",
        Button("Répondre à l’invitation", links.my_structures()),
        Button("Créer mon compte", links.signup()),
        f"L’invitation vaut jusqu’au {wording.day(day_in_paris(invitation.expires_at))}. Vous ne connaissez pas cette "
        "personne\u00a0? Ne faites rien.",
    )


def invitation_answered(*, invitation: Invitation, actor: Actor, accepted: bool) -> Mail:
    """To whoever sent the invitation."""
    structure = invitation.structure
    answer = "a accepté votre invitation" if accepted else "n’a pas accepté votre invitation"
    return Mail(
        f"Réponse à votre invitation\u00a0: {'acceptée' if accepted else 'refusée'}",
        f"{named(actor.name)} ({invitation.email}) {answer} à rejoindre {named(structure)} ({structure.known_as}).",
        Button("Voir la fiche", links.structure(uid=structure.uid)),
    )


def space_asked(*, request: SpaceRequest) -> Mail:
    """To the manager: somebody attached asks for a space."""
    membership = request.membership
    person, structure = membership.user, membership.structure
    return Mail(
        "Une demande d’espace attend votre réponse",
        f"{named(person.get_full_name())} ({person.email}), qui est rattaché à {named(structure)} "
        f"({structure.known_as}), demande l’espace «\u00a0{_space(request)}\u00a0».",
        _message(request.comment),
        Button("Ouvrir ou refuser", links.my_structures()),
    )


def space_opened(*, request: SpaceRequest, comment: str) -> Mail:
    """To the person who asked."""
    structure = request.membership.structure
    return Mail(
        f"Un espace {of(named(structure))} vous est ouvert",
        f"L’espace «\u00a0{_space(request)}\u00a0» {of(named(structure))} ({structure.known_as}) vous est ouvert.",
        _message(comment),
        Button("Voir mes espaces", links.my_spaces()),
    )


def space_refused(*, request: SpaceRequest, comment: str) -> Mail:
    """To the person who asked."""
    structure = request.membership.structure
    return Mail(
        "Votre demande d’espace est refusée",
        f"L’espace «\u00a0{_space(request)}\u00a0» {of(named(structure))} ({structure.known_as}) ne vous a pas été "
        "ouvert.",
        _message(comment),
        "Rapprochez-vous du gestionnaire si vous pensez qu’il s’agit d’une erreur.",
        Button("Voir mes espaces", links.my_spaces()),
    )


def _space(request: SpaceRequest) -> str:
    return SPACE_NAMES[Space(request.space)]


def made_manager(*, structure: Structure) -> Mail:
    """To the person the operator appointed."""
    return Mail(
        f"Vous êtes le gestionnaire {of(named(structure))}",
        f"Vous êtes désormais le gestionnaire {of(named(structure))} ({structure.known_as})\u00a0: vous répondez "
        "aux demandes de rattachement et vous tenez la fiche à jour.",
        Button("Voir la fiche", links.structure(uid=structure.uid)),
    )


def no_longer_manager(*, structure: Structure, is_attached: bool) -> Mail:
    """To the former manager, who may not have asked for it."""
    left = "Vous y restez rattaché." if is_attached else "Vous n’y êtes plus rattaché."
    return Mail(
        f"Un nouveau gestionnaire pour {named(structure)}",
        f"Vous n’êtes plus le gestionnaire {of(named(structure))} ({structure.known_as}). {left}",
        "Vous ne vous y attendiez pas\u00a0? Prévenez sans attendre la personne qui tient ce portail.",
    )


def name_corrected(*, structure: Structure, former: str, actor: Actor | None) -> Mail:
    """To everyone attached: a manager, or the operator, has corrected the legal name."""
    who = named(actor.name) if actor is not None else "L’exploitant de ce portail"
    return Mail(
        "Le nom de votre structure a été corrigé",
        f"{who} a corrigé le nom de votre structure ({structure.known_as}).",
        MailFacts((MailFact("Avant", named(former)), MailFact("Maintenant", named(structure.name)))),
        "Les factures déjà envoyées gardent l’ancien nom. Celles qui partiront désormais porteront le nouveau.",
        Button("Voir la fiche", links.structure(uid=structure.uid)),
    )


def closed_or_open(*, structure: Structure, actor: Actor | None) -> Mail:
    """To everyone attached, as the structure now is. ``actor``: None for the operator."""
    who = named(actor.name) if actor is not None else "L’exploitant de ce portail"
    if structure.is_active:
        what = "a rouvert"
        meaning = "Elle peut de nouveau envoyer et recevoir des factures."
    else:
        what = "a fermé"
        meaning = (
            "Plus rien de nouveau n’est envoyé en son nom, ni à elle. Les factures qui sont là restent à lire, et "
            "celles qui sont en cours continuent. Vos brouillons restent, mais ne peuvent pas partir."
        )
    return Mail(
        f"{named(structure)} est {'rouverte' if structure.is_active else 'fermée'}",
        f"{who} {what} {named(structure)} ({structure.known_as}). {meaning}",
        Button("Voir la fiche", links.structure(uid=structure.uid)),
    )


def siret_changed(*, structure: Structure, heir: Structure, actor: Actor | None) -> Mail:
    """To everyone attached: the structure goes on under another number."""
    who = named(actor.name) if actor is not None else "L’exploitant de ce portail"
    return Mail(
        f"Un nouveau SIRET pour {named(structure)}",
        f"{who} a déclaré le nouveau SIRET {of(named(structure))}.",
        MailFacts((MailFact("Avant", structure.known_as), MailFact("Maintenant", heir.known_as))),
        "Une nouvelle fiche le porte. Elle a les mêmes personnes, les mêmes comptes bancaires, les mêmes réglages, "
        "et vos brouillons. L’ancienne est fermée aux nouvelles factures\u00a0; les siennes restent à lire, et "
        "continuent.",
        Button("Voir la nouvelle fiche", links.structure(uid=heir.uid)),
        "Ce changement ne vous dit rien\u00a0? Parlez-en tout de suite au gestionnaire de la structure.",
    )


def bank_account_added(*, account: BankAccount, actor: Actor) -> Mail:
    return _of_bank_account(
        "De nouvelles coordonnées bancaires ont été ajoutées",
        account=account,
        actor=actor,
        what="a ajouté le compte bancaire",
    )


def bank_account_asked(*, account: BankAccount, actor: Actor) -> Mail:
    return _of_bank_account(
        "De nouvelles coordonnées bancaires attendent d’être confirmées",
        account=account,
        actor=actor,
        what="demande l’ajout du compte bancaire",
        then="Ce compte ne sert pas encore. Une autre personne qui envoie les factures de la structure doit le "
        "confirmer, ou le refuser, sur la fiche de la structure.",
    )


def bank_account_confirmed(*, account: BankAccount, actor: Actor) -> Mail:
    return _of_bank_account(
        "De nouvelles coordonnées bancaires ont été confirmées",
        account=account,
        actor=actor,
        what="a confirmé le compte bancaire",
        then=f"{named(account.created_by.get_full_name())} l’avait ajouté. Les factures peuvent le nommer à partir de "
        "maintenant.",
    )


def bank_account_refused(*, account: BankAccount, actor: Actor, comment: str) -> Mail:
    return _of_bank_account(
        "De nouvelles coordonnées bancaires ont été refusées",
        account=account,
        actor=actor,
        what="a refusé le compte bancaire",
        then=f"Aucune facture ne le nommera. {_message(comment)}".strip(),
    )


def bank_account_withdrawn(*, account: BankAccount, actor: Actor) -> Mail:
    return _of_bank_account(
        "L’ajout de coordonnées bancaires est abandonné",
        account=account,
        actor=actor,
        what="renonce à l’ajout du compte bancaire",
        then="Aucune facture ne le nommera.",
    )


def bank_account_closed(*, account: BankAccount, actor: Actor) -> Mail:
    return _of_bank_account(
        "Des coordonnées bancaires ont été retirées", account=account, actor=actor, what="a retiré le compte bancaire"
    )


def _opened(holder: Membership | Invitation) -> str:
    """What somebody may do, in the words of the profiles."""
    if isinstance(holder, Membership) and holder.is_manager:
        return "Vous en êtes le gestionnaire\u00a0: vous pouvez tout y faire."
    profiles, services = profiles_held(holder=holder)
    if not profiles:
        return "Vous voyez sa fiche, et rien d’autre pour l’instant."
    names = ", ".join(PROFILE_ROW[profile].name.lower() for profile in profiles)
    where = f" (services\u00a0: {', '.join(service.code for service in services)})" if services else ""
    return f"Vous pourrez\u00a0: {names}{where}."


def _message(comment: str) -> str:
    return f"Son message\u00a0: {named(comment)}" if comment else ""


def _of_bank_account(subject: str, *, account: BankAccount, actor: Actor, what: str, then: str = "") -> Mail:
    structure = account.structure
    return Mail(
        subject,
        f"{named(actor.name)} {what} {named(account.label)}, {masked_iban(account.iban)}, "
        f"sur la fiche {of(named(structure))} ({structure.known_as}).",
        then,
        Button("Voir la fiche", links.structure(uid=structure.uid)),
        "Ce changement ne vous dit rien\u00a0? Parlez-en tout de suite au gestionnaire de la structure, de vive voix "
        "ou à un numéro que vous connaissez déjà. En attendant, ne payez rien sur ce compte.",
    )
