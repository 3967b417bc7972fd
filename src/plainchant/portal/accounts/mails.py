"""The messages about accounts: what each says.

Nothing that was typed in the public form is repeated in them: a name there could be an advertisement sent to a stranger
in our name.
"""

from __future__ import annotations

from datetime import datetime

from plainchant.portal.lib.elision import that
from plainchant.portal.lib.time import PARIS, instant_in_words
from plainchant.portal.mail.mails import Button, CodeToCopy, Mail

from . import links

_NEW_PASSWORD = Button("Choisir un autre mot de passe", links.reset_password())


def activation(*, token: str, minutes: int, expires_at: datetime) -> Mail:
    """The link that opens an account."""
    until = expires_at.astimezone(PARIS)
    return Mail(
        "Ouvrez votre compte Plainchant",
        "Un compte Plainchant a été demandé avec cette adresse. Pour l’ouvrir, choisissez votre mot de passe.",
        Button("Choisir mon mot de passe", links.activate(token=token)),
        f"Ce lien sert une seule fois, dans les {minutes} minutes\u00a0: jusqu’à {until.hour}\u00a0h\u00a0"
        f"{until.minute:02d}, heure de Paris. Trop tard\u00a0? Recevez-en un nouveau.",
        Button("Recevoir un nouveau lien", links.resend_activation()),
        "Vous n’avez rien demandé\u00a0? Ne faites rien\u00a0: aucun compte ne sera ouvert.",
    )


def account_exists() -> Mail:
    """For someone who registers again."""
    return Mail(
        "Vous avez déjà un compte Plainchant",
        "Quelqu’un, sans doute vous, a voulu créer un compte Plainchant avec cette adresse. Vous avez déjà un "
        "compte\u00a0: rien n’a changé.",
        Button("Me connecter", links.login()),
        "Si vous avez oublié votre mot de passe, choisissez-en un autre.",
        _NEW_PASSWORD,
        "Ce n’était pas vous\u00a0? Vous n’avez rien à faire.",
    )


def no_account() -> Mail:
    """For someone who asks for a new password, or a new link, with an address that has no account."""
    return Mail(
        "Aucun compte Plainchant à cette adresse",
        "Quelqu’un, sans doute vous, a demandé à entrer dans Plainchant avec cette adresse. Aucun compte n’existe à "
        "cette adresse. Vous en avez peut-être utilisé une autre.",
        Button("Créer un compte", links.signup()),
        "Ce n’était pas vous\u00a0? Vous n’avez rien à faire.",
    )


def password_reset(*, link: str, hours: int) -> Mail:
    """The link with which someone who forgot a password chooses another."""
    return Mail(
        "Choisissez un nouveau mot de passe",
        "Un nouveau mot de passe a été demandé pour votre compte Plainchant.",
        Button("Choisir mon nouveau mot de passe", link),
        f"Ce lien sert une seule fois, pendant {hours}\u00a0heure{'s' if hours > 1 else ''}.",
        "Vous n’avez rien demandé\u00a0? Ne faites rien\u00a0: votre mot de passe reste le même.",
    )


def password_changed(*, at: datetime) -> Mail:
    """Tells the owner, who may not be the one who did it."""
    return Mail(
        "Votre mot de passe Plainchant a été changé",
        f"Le mot de passe de votre compte Plainchant a été changé le "
        f"{instant_in_words(at)}. Les autres appareils ont été déconnectés.",
        "Ce n’était pas vous\u00a0? Choisissez tout de suite un autre mot de passe.",
        _NEW_PASSWORD,
    )


def operator_named(*, is_one: bool) -> Mail:
    """Tells a person that they see how the portal goes, or no longer."""
    subject = "L’exploitation du portail Plainchant"
    if not is_one:
        return Mail(subject, "Vous ne voyez plus comment va ce portail. Le reste de votre compte n’a pas changé.")
    return Mail(
        subject,
        "Vous pouvez maintenant voir comment va ce portail\u00a0: ce qui attend, ce qui a échoué, la dernière "
        "sauvegarde. À votre prochaine connexion, un second moyen vous sera demandé.",
        Button("Voir comment va le portail", links.operation()),
    )


def confirm_address(*, token: str, expires_at: datetime) -> Mail:
    """To a new address for notices: nothing else goes there before its link is used. Nobody is named."""
    return Mail(
        "Confirmez cette adresse pour recevoir les avis de Plainchant",
        "Quelqu’un (vous, ou une personne avec qui vous travaillez) veut recevoir à cette adresse les avis "
        "de Plainchant, un portail de factures. Si vous êtes d’accord, confirmez-le.",
        Button("Confirmer cette adresse", links.confirm_address(token=token)),
        f"Ce lien sert une seule fois, jusqu’au {instant_in_words(expires_at)}, heure de "
        "Paris. D’ici là, et si vous ne faites rien, aucun avis ne viendra ici.",
    )


def address_asked(*, address: str, whose: str) -> Mail:
    """To the address that goes on receiving, while the new one is not confirmed. ``whose``: « vos factures »…"""
    return Mail(
        "Une autre adresse est demandée pour vos avis",
        f"Une autre adresse a été demandée pour les avis sur {whose}\u00a0: {address}. Elle doit d’abord être "
        "confirmée, par un lien envoyé là-bas. D’ici là, rien ne change\u00a0: les avis continuent d’arriver ici.",
        "Ce n’était ni vous, ni une personne de votre structure\u00a0? Choisissez tout de suite un autre mot de passe.",
        _NEW_PASSWORD,
    )


def address_changed(*, address: str, whose: str) -> Mail:
    """To the address of before: it receives no longer."""
    return Mail(
        "Vos avis Plainchant vont à une autre adresse",
        f"Les avis sur {whose} vont maintenant à l’adresse {address}. Ce message est le dernier qui arrive ici pour "
        "eux.",
        "Ce n’était ni vous, ni une personne de votre structure\u00a0? Choisissez tout de suite un autre mot de passe.",
        _NEW_PASSWORD,
    )


def confirm_login_address(*, token: str, expires_at: datetime) -> Mail:
    """To a new login address. Nobody is named."""
    return Mail(
        "Confirmez votre nouvelle adresse de connexion",
        "Quelqu’un, sans doute vous, veut se connecter à Plainchant avec cette adresse au lieu d’une autre. Si c’est "
        "vous, confirmez-le.",
        Button("Confirmer cette adresse", links.confirm_address(token=token)),
        f"Ce lien sert une seule fois, jusqu’au {instant_in_words(expires_at)}, heure de Paris.",
        "Ce n’est pas vous\u00a0? Ne faites rien\u00a0: rien ne changera.",
    )


def login_address_taken() -> Mail:
    """To an address that somebody wanted to log in with, and that has an account."""
    return Mail(
        "Cette adresse a déjà un compte Plainchant",
        "Quelqu’un, sans doute vous, a voulu donner cette adresse à un autre compte Plainchant. Elle a déjà le sien, "
        "et une adresse n’en ouvre qu’un\u00a0: rien n’a changé.",
        Button("Me connecter", links.login()),
        "Ce n’était pas vous\u00a0? Vous n’avez rien à faire.",
    )


def login_address_asked(*, address: str, stop: str) -> Mail:
    """To the addresses of before, while the new one is not confirmed."""
    return Mail(
        "Une autre adresse de connexion est demandée",
        f"Une autre adresse de connexion est demandée pour votre compte Plainchant\u00a0: {address}. Elle doit d’abord "
        "être confirmée, par un lien envoyé là-bas. D’ici là, vous vous connectez comme avant.",
        "Ce n’était pas vous\u00a0? Empêchez-le.",
        Button("Empêcher ce changement", links.stop_login_address(token=stop)),
    )


def login_address_changed(*, address: str, former: str, stop: str) -> Mail:
    """To the addresses of before, once the new one is confirmed."""
    return Mail(
        "Votre adresse de connexion a changé",
        f"Votre compte Plainchant s’ouvre maintenant avec l’adresse {address}, et plus avec {former}. Les autres "
        "appareils ont été déconnectés.",
        "Ce n’était pas vous\u00a0? Pendant trois jours, vous pouvez rendre son adresse d’avant à votre compte.",
        Button("Reprendre mon adresse d’avant", links.stop_login_address(token=stop)),
    )


def login_address_stopped(*, address: str) -> Mail:
    """To the login address that stays, or is back."""
    return Mail(
        "Votre adresse de connexion ne change pas",
        f"Votre compte Plainchant s’ouvre avec l’adresse {address}\u00a0: le changement a été arrêté par un lien que "
        "nous y avions envoyé. Tous les appareils ont été déconnectés, et le mot de passe d’avant ne sert plus. "
        "Choisissez-en un autre.",
        _NEW_PASSWORD,
    )


def closed_by_owner(*, back: str) -> Mail:
    """To somebody who has closed their own account, or comes back to its door: the way back."""
    return Mail(
        "Votre compte Plainchant est fermé",
        "Votre compte Plainchant est fermé, comme vous l’avez demandé. Personne ne peut s’y connecter. Les factures "
        "que vous avez envoyées suivent leur cours.",
        "Vous voulez revenir\u00a0? Rouvrez-le, puis connectez-vous avec votre mot de passe d’avant.",
        Button("Rouvrir mon compte", links.come_back(token=back)),
        "Ce lien sert pendant trois jours. Pour en recevoir un autre, essayez de vous connecter.",
        "Ce n’était pas vous\u00a0? Rouvrez-le, puis choisissez tout de suite un autre mot de passe.",
    )


def come_back() -> Mail:
    """To somebody who has opened their account again."""
    return Mail(
        "Votre compte Plainchant est rouvert",
        "Votre compte Plainchant est de nouveau ouvert. Connectez-vous avec votre mot de passe d’avant.",
        Button("Me connecter", links.login()),
        "Vos rattachements aux structures où vous n’étiez pas seul ont pris fin\u00a0: demandez-les de nouveau.",
        "Ce n’était pas vous\u00a0? Choisissez tout de suite un autre mot de passe.",
        _NEW_PASSWORD,
    )


def account_closed() -> Mail:
    """Tells the owner that the operator has closed the account."""
    return Mail(
        "Votre compte Plainchant est fermé",
        "L’exploitant de ce portail a fermé votre compte Plainchant\u00a0: vous ne pouvez plus vous connecter. Rien "
        "n’a été effacé, et les factures que vous avez envoyées suivent leur cours.",
        "Vous ne savez pas pourquoi\u00a0? Écrivez à l’exploitant du portail.",
    )


def account_reopened() -> Mail:
    """Tells the owner that the operator has opened the account again."""
    return Mail(
        "Votre compte Plainchant est rouvert",
        "L’exploitant de ce portail a rouvert votre compte Plainchant. Connectez-vous avec votre mot de passe d’avant.",
        Button("Me connecter", links.login()),
    )


def log_in_code(*, code: str, minutes: int) -> Mail:
    """The code that is asked for beside the password."""
    return Mail(
        "Votre code pour vous connecter à Plainchant",
        "Voici le code pour vous connecter à Plainchant. Recopiez-le sur la page qui vous l’a demandé\u00a0:",
        CodeToCopy(code),
        f"Il sert une seule fois, pendant {minutes} minutes. Ne le donnez à personne, même au téléphone.",
        "Vous n’êtes pas en train de vous connecter\u00a0? Quelqu’un connaît votre mot de passe. Choisissez-en tout de "
        "suite un autre.",
        _NEW_PASSWORD,
    )


def proof_code(*, code: str, minutes: int) -> Mail:
    """The code that is asked for again before a change that matters."""
    return Mail(
        "Votre code pour continuer sur Plainchant",
        "Voici le code pour continuer sur Plainchant. Recopiez-le sur la page qui vous l’a demandé\u00a0:",
        CodeToCopy(code),
        f"Il sert une seule fois, pendant {minutes} minutes. Ne le donnez à personne, même au téléphone.",
        "Vous n’êtes pas en train de changer quelque chose\u00a0? Quelqu’un utilise votre compte. Choisissez tout de "
        "suite un autre mot de passe.",
        _NEW_PASSWORD,
    )


def arrival_code(*, code: str, minutes: int, service: str) -> Mail:
    """The code that opens an account for somebody whom another service has sent here."""
    return Mail(
        "Votre code pour ouvrir votre compte Plainchant",
        f"Quelqu’un, sans doute vous, vient d’arriver sur Plainchant par {service} avec cette adresse. Pour ouvrir "
        "votre compte, recopiez ce code sur la page qui vous l’a demandé\u00a0:",
        CodeToCopy(code),
        f"Il sert une seule fois, pendant {minutes} minutes. Ne le donnez à personne, même au téléphone.",
        "Ce n’était pas vous\u00a0? Ne faites rien\u00a0: aucun compte ne sera ouvert.",
    )


def account_to_link(*, service: str) -> Mail:
    """To somebody whom another service has sent here, with the address of an account that it does not open yet."""
    return Mail(
        f"Relier votre compte Plainchant à {service}",
        f"Quelqu’un, sans doute vous, vient d’arriver sur Plainchant par {service} avec cette adresse. Vous avez déjà "
        f"un compte ici, {that(service)} n’ouvre pas encore\u00a0: rien n’a changé.",
        f"Pour entrer par {service} la prochaine fois, connectez-vous d’abord comme d’habitude, puis reliez votre "
        "compte sur la page «\u00a0Sécurité\u00a0».",
        Button("Me connecter", links.login()),
        "Ce n’était pas vous\u00a0? Vous n’avez rien à faire\u00a0: personne n’est entré.",
    )


def identity_linked(*, service: str, at: datetime) -> Mail:
    """Tells the owner, who may not be the one who did it."""
    return Mail(
        f"Votre compte Plainchant s’ouvre aussi par {service}",
        f"{service} permet maintenant d’entrer dans votre compte Plainchant, depuis le {instant_in_words(at)}.",
        "Ce n’était pas vous\u00a0? Choisissez tout de suite un autre mot de passe, puis retirez ce lien sur la page "
        "«\u00a0Sécurité\u00a0» de votre compte.",
        _NEW_PASSWORD,
    )


def identity_unlinked(*, service: str, at: datetime) -> Mail:
    """Tells the owner, who may not be the one who did it."""
    return Mail(
        f"Votre compte Plainchant ne s’ouvre plus par {service}",
        f"Depuis le {instant_in_words(at)}, {service} ne permet plus d’entrer "
        "dans votre compte Plainchant. Votre mot de passe sert toujours.",
        "Ce n’était pas vous\u00a0? Choisissez tout de suite un autre mot de passe.",
        _NEW_PASSWORD,
    )


def second_factor_changed(*, sentence: str, at: datetime) -> Mail:
    """Tells the owner, who may not be the one who did it."""
    return Mail(
        "La connexion à votre compte Plainchant a changé",
        f"{sentence} C’était le {instant_in_words(at)}.",
        "Ce n’était pas vous\u00a0? Choisissez tout de suite un autre mot de passe, puis regardez la page "
        "«\u00a0Sécurité\u00a0» de votre compte.",
        _NEW_PASSWORD,
    )


def second_factor_reset() -> Mail:
    """Tells the owner, who may not be the one who asked."""
    return Mail(
        "Le second facteur de votre compte a été retiré",
        "L’exploitant de ce portail a retiré le second facteur de votre compte Plainchant. Votre mot de passe "
        "suffit pour vous connecter, jusqu’à ce que vous en ajoutiez un autre.",
        "Vous n’avez rien demandé\u00a0? Choisissez tout de suite un autre mot de passe, et écrivez à l’exploitant du "
        "portail.",
        _NEW_PASSWORD,
    )
