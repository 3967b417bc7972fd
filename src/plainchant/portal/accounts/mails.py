"""The messages about accounts: each function gives a subject and a plain body.

Nothing that was typed in the public form is repeated in them: a name there could be an advertisement sent to a stranger
in our name.
"""

from __future__ import annotations

from datetime import datetime

from plainchant.portal.lib.operator import operator
from plainchant.portal.lib.time import PARIS

from . import links

Mail = tuple[str, str]

SIGNATURE = operator().signature()


def activation(*, token: str, minutes: int, expires_at: datetime) -> Mail:
    """The link that opens an account."""
    until = expires_at.astimezone(PARIS)
    body = (
        "Bonjour,\n\n"
        "Un compte Plainchant a été demandé avec cette adresse. "
        "Pour l’ouvrir, choisissez votre mot de passe sur cette page\u00a0:\n\n"
        f"{links.activate(token=token)}\n\n"
        f"Ce lien sert une seule fois, dans les {minutes} minutes\u00a0: "
        f"jusqu’à {until.hour}\u00a0h\u00a0{until.minute:02d}, heure de Paris.\n\n"
        "Trop tard\u00a0? Recevez un nouveau lien ici\u00a0:\n\n"
        f"{links.resend_activation()}\n\n"
        "Vous n’avez rien demandé\u00a0? Ne faites rien\u00a0: aucun compte ne sera ouvert.\n\n"
    )
    return "Ouvrez votre compte Plainchant", body + SIGNATURE


def account_exists() -> Mail:
    """For someone who registers again."""
    body = (
        "Bonjour,\n\n"
        "Quelqu’un, sans doute vous, a voulu créer un compte Plainchant avec cette adresse. "
        "Vous avez déjà un compte\u00a0: rien n’a changé.\n\n"
        "Pour vous connecter\u00a0:\n\n"
        f"{links.login()}\n\n"
        "Si vous avez oublié votre mot de passe\u00a0:\n\n"
        f"{links.reset_password()}\n\n"
        "Ce n’était pas vous\u00a0? Vous n’avez rien à faire.\n\n"
    )
    return "Vous avez déjà un compte Plainchant", body + SIGNATURE


def no_account() -> Mail:
    """For someone who asks for a new password, or a new link, with an address that has no account."""
    body = (
        "Bonjour,\n\n"
        "Quelqu’un, sans doute vous, a demandé à entrer dans Plainchant avec cette adresse. "
        "Aucun compte n’existe à cette adresse. Vous en avez peut-être utilisé une autre.\n\n"
        "Pour créer un compte\u00a0:\n\n"
        f"{links.signup()}\n\n"
        "Ce n’était pas vous\u00a0? Vous n’avez rien à faire.\n\n"
    )
    return "Aucun compte Plainchant à cette adresse", body + SIGNATURE


def password_reset(*, link: str, hours: int) -> Mail:
    """The link with which someone who forgot a password chooses another."""
    body = (
        "Bonjour,\n\n"
        "Un nouveau mot de passe a été demandé pour votre compte Plainchant. Choisissez-le sur cette page\u00a0:\n\n"
        f"{link}\n\n"
        f"Ce lien sert une seule fois, pendant {hours}\u00a0heure{'s' if hours > 1 else ''}.\n\n"
        "Vous n’avez rien demandé\u00a0? Ne faites rien\u00a0: votre mot de passe reste le même.\n\n"
    )
    return "Choisissez un nouveau mot de passe", body + SIGNATURE


def password_changed(*, at: datetime) -> Mail:
    """Tells the owner, who may not be the one who did it."""
    when = at.astimezone(PARIS)
    body = (
        "Bonjour,\n\n"
        f"Le mot de passe de votre compte Plainchant a été changé le {when:%d/%m/%Y} à "
        f"{when.hour}\u00a0h\u00a0{when.minute:02d}. Les autres appareils ont été déconnectés.\n\n"
        "Ce n’était pas vous\u00a0? Choisissez tout de suite un autre mot de passe\u00a0:\n\n"
        f"{links.reset_password()}\n\n"
    )
    return "Votre mot de passe Plainchant a été changé", body + SIGNATURE


def operator_named(*, is_one: bool) -> Mail:
    """Tells a person that they see how the portal goes, or no longer."""
    if is_one:
        sentences = (
            "Vous pouvez maintenant voir comment va ce portail\u00a0: ce qui attend, ce qui a échoué, la dernière "
            "sauvegarde. À votre prochaine connexion, un second moyen vous sera demandé. La page est ici\u00a0:\n\n"
            f"{links.operation()}\n\n"
        )
    else:
        sentences = "Vous ne voyez plus comment va ce portail. Le reste de votre compte n’a pas changé.\n\n"
    return "L’exploitation du portail Plainchant", f"Bonjour,\n\n{sentences}" + SIGNATURE


def confirm_address(*, token: str, expires_at: datetime) -> Mail:
    """To a new address for notices: nothing else goes there before its link is used. Nobody is named."""
    until = expires_at.astimezone(PARIS)
    body = (
        "Bonjour,\n\n"
        "Quelqu’un, sans doute vous ou une personne avec qui vous travaillez, veut recevoir à cette adresse les avis "
        "de Plainchant, un portail de factures. Si vous êtes d’accord, confirmez-le sur cette page\u00a0:\n\n"
        f"{links.confirm_address(token=token)}\n\n"
        f"Ce lien sert une seule fois, jusqu’au {until:%d/%m/%Y} à {until.hour}\u00a0h\u00a0{until.minute:02d}, heure "
        "de Paris. D’ici là, et si vous ne faites rien, aucun avis ne viendra ici.\n\n"
    )
    return "Confirmez cette adresse pour recevoir les avis de Plainchant", body + SIGNATURE


def address_asked(*, address: str, whose: str) -> Mail:
    """To the address that goes on receiving, while the new one is not confirmed. ``whose``: « vos factures »…"""
    body = (
        "Bonjour,\n\n"
        f"Une autre adresse a été demandée pour les avis sur {whose}\u00a0: {address}. Elle doit d’abord être "
        "confirmée, par un lien envoyé là-bas. D’ici là, rien ne change\u00a0: les avis continuent d’arriver ici.\n\n"
        "Ce n’était ni vous, ni une personne de votre structure\u00a0? Choisissez tout de suite un autre mot de "
        "passe\u00a0:\n\n"
        f"{links.reset_password()}\n\n"
    )
    return "Une autre adresse est demandée pour vos avis", body + SIGNATURE


def address_changed(*, address: str, whose: str) -> Mail:
    """To the address of before: it receives no longer."""
    body = (
        "Bonjour,\n\n"
        f"Les avis sur {whose} vont maintenant à l’adresse {address}. Ce message est le dernier qui arrive ici pour "
        "eux.\n\n"
        "Ce n’était ni vous, ni une personne de votre structure\u00a0? Choisissez tout de suite un autre mot de "
        "passe, et écrivez à l’exploitant du portail\u00a0:\n\n"
        f"{links.reset_password()}\n\n"
    )
    return "Vos avis Plainchant vont à une autre adresse", body + SIGNATURE


def confirm_login_address(*, token: str, expires_at: datetime) -> Mail:
    """To a new login address. Nobody is named."""
    until = expires_at.astimezone(PARIS)
    body = (
        "Bonjour,\n\n"
        "Quelqu’un, sans doute vous, veut se connecter à Plainchant avec cette adresse au lieu d’une autre. "
        "Si c’est vous, confirmez-le sur cette page\u00a0:\n\n"
        f"{links.confirm_address(token=token)}\n\n"
        f"Ce lien sert une seule fois, jusqu’au {until:%d/%m/%Y} à {until.hour}\u00a0h\u00a0{until.minute:02d}, heure "
        "de Paris.\n\n"
        "Ce n’est pas vous\u00a0? Ne faites rien\u00a0: rien ne changera.\n\n"
    )
    return "Confirmez votre nouvelle adresse de connexion", body + SIGNATURE


def login_address_taken() -> Mail:
    """To an address that somebody wanted to log in with, and that has an account."""
    body = (
        "Bonjour,\n\n"
        "Quelqu’un, sans doute vous, a voulu donner cette adresse à un autre compte Plainchant. Elle a déjà le sien, "
        "et une adresse n’en ouvre qu’un\u00a0: rien n’a changé.\n\n"
        "Pour vous connecter\u00a0:\n\n"
        f"{links.login()}\n\n"
        "Ce n’était pas vous\u00a0? Vous n’avez rien à faire.\n\n"
    )
    return "Cette adresse a déjà un compte Plainchant", body + SIGNATURE


def login_address_asked(*, address: str, stop: str) -> Mail:
    """To the addresses of before, while the new one is not confirmed."""
    body = (
        "Bonjour,\n\n"
        f"Une autre adresse de connexion est demandée pour votre compte Plainchant\u00a0: {address}. Elle doit d’abord "
        "être confirmée, par un lien envoyé là-bas. D’ici là, vous vous connectez comme avant.\n\n"
        "Ce n’était pas vous\u00a0? Empêchez-le ici\u00a0:\n\n"
        f"{links.stop_login_address(token=stop)}\n\n"
    )
    return "Une autre adresse de connexion est demandée", body + SIGNATURE


def login_address_changed(*, address: str, former: str, stop: str) -> Mail:
    """To the addresses of before, once the new one is confirmed."""
    body = (
        "Bonjour,\n\n"
        f"Votre compte Plainchant s’ouvre maintenant avec l’adresse {address}, et plus avec {former}. Les autres "
        "appareils ont été déconnectés.\n\n"
        "Ce n’était pas vous\u00a0? Pendant trois jours, ce lien rend son adresse d’avant à votre compte\u00a0:\n\n"
        f"{links.stop_login_address(token=stop)}\n\n"
    )
    return "Votre adresse de connexion a changé", body + SIGNATURE


def login_address_stopped(*, address: str) -> Mail:
    """To the login address that stays, or is back."""
    body = (
        "Bonjour,\n\n"
        f"Votre compte Plainchant s’ouvre avec l’adresse {address}\u00a0: le changement a été arrêté par un lien que "
        "nous y avions envoyé. Tous les appareils ont été déconnectés, et le mot de passe d’avant ne sert plus. "
        "Choisissez-en un autre\u00a0:\n\n"
        f"{links.reset_password()}\n\n"
    )
    return "Votre adresse de connexion ne change pas", body + SIGNATURE


def closed_by_owner(*, back: str) -> Mail:
    """To somebody who has closed their own account, or comes back to its door: the way back."""
    body = (
        "Bonjour,\n\n"
        "Votre compte Plainchant est fermé, comme vous l’avez demandé. Personne ne peut s’y connecter. Les factures "
        "que vous avez envoyées suivent leur cours.\n\n"
        "Vous voulez revenir\u00a0? Rouvrez-le ici, puis connectez-vous avec votre mot de passe d’avant\u00a0:\n\n"
        f"{links.come_back(token=back)}\n\n"
        "Ce lien sert pendant trois jours. Pour en recevoir un autre, essayez de vous connecter.\n\n"
        "Ce n’était pas vous\u00a0? Rouvrez-le, puis choisissez tout de suite un autre mot de passe.\n\n"
    )
    return "Votre compte Plainchant est fermé", body + SIGNATURE


def come_back() -> Mail:
    """To somebody who has opened their account again."""
    body = (
        "Bonjour,\n\n"
        "Votre compte Plainchant est de nouveau ouvert. Connectez-vous avec votre mot de passe d’avant\u00a0:\n\n"
        f"{links.login()}\n\n"
        "Vos rattachements aux structures où vous n’étiez pas seul ont pris fin\u00a0: demandez-les de nouveau.\n\n"
        "Ce n’était pas vous\u00a0? Choisissez tout de suite un autre mot de passe\u00a0:\n\n"
        f"{links.reset_password()}\n\n"
    )
    return "Votre compte Plainchant est rouvert", body + SIGNATURE


def account_closed() -> Mail:
    """Tells the owner that the operator has closed the account."""
    body = (
        "Bonjour,\n\n"
        "L’exploitant de ce portail a fermé votre compte Plainchant\u00a0: vous ne pouvez plus vous connecter. "
        "Rien n’a été effacé, et les factures que vous avez envoyées suivent leur cours.\n\n"
        "Vous ne savez pas pourquoi\u00a0? Écrivez à l’exploitant du portail.\n\n"
    )
    return "Votre compte Plainchant est fermé", body + SIGNATURE


def account_reopened() -> Mail:
    """Tells the owner that the operator has opened the account again."""
    body = (
        "Bonjour,\n\n"
        "L’exploitant de ce portail a rouvert votre compte Plainchant. Connectez-vous avec votre mot de passe "
        "d’avant\u00a0:\n\n"
        f"{links.login()}\n\n"
    )
    return "Votre compte Plainchant est rouvert", body + SIGNATURE


def log_in_code(*, code: str, minutes: int) -> Mail:
    """The code that is asked for beside the password."""
    body = (
        "Bonjour,\n\n"
        "Voici le code pour vous connecter à Plainchant. Recopiez-le sur la page qui vous l’a demandé\u00a0:\n\n"
        f"    {code}\n\n"
        f"Il sert une seule fois, pendant {minutes} minutes. Ne le donnez à personne, même au téléphone.\n\n"
        "Vous n’êtes pas en train de vous connecter\u00a0? Quelqu’un connaît votre mot de passe. Choisissez-en tout de "
        "suite un autre\u00a0:\n\n"
        f"{links.reset_password()}\n\n"
    )
    return "Votre code pour vous connecter à Plainchant", body + SIGNATURE


def proof_code(*, code: str, minutes: int) -> Mail:
    """The code that is asked for again before a change that matters."""
    body = (
        "Bonjour,\n\n"
        "Voici le code pour continuer sur Plainchant. Recopiez-le sur la page qui vous l’a demandé\u00a0:\n\n"
        f"    {code}\n\n"
        f"Il sert une seule fois, pendant {minutes} minutes. Ne le donnez à personne, même au téléphone.\n\n"
        "Vous n’êtes pas en train de changer quelque chose\u00a0? Quelqu’un utilise votre compte. Choisissez tout de "
        "suite un autre mot de passe\u00a0:\n\n"
        f"{links.reset_password()}\n\n"
    )
    return "Votre code pour continuer sur Plainchant", body + SIGNATURE


def second_factor_changed(*, sentence: str, at: datetime) -> Mail:
    """Tells the owner, who may not be the one who did it."""
    when = at.astimezone(PARIS)
    body = (
        "Bonjour,\n\n"
        f"{sentence} C’était le {when:%d/%m/%Y} à {when.hour}\u00a0h\u00a0{when.minute:02d}.\n\n"
        "Ce n’était pas vous\u00a0? Choisissez tout de suite un autre mot de passe, puis regardez la page « Sécurité » "
        "de votre compte\u00a0:\n\n"
        f"{links.reset_password()}\n\n"
    )
    return "La connexion à votre compte Plainchant a changé", body + SIGNATURE


def second_factor_reset() -> Mail:
    """Tells the owner, who may not be the one who asked."""
    body = (
        "Bonjour,\n\n"
        "L’exploitant de ce portail a retiré le second facteur de votre compte Plainchant\u00a0: votre mot de passe "
        "suffit pour vous connecter, jusqu’à ce que vous en ajoutiez un autre.\n\n"
        "Vous n’avez rien demandé\u00a0? Choisissez tout de suite un autre mot de passe, et écrivez à l’exploitant du "
        "portail\u00a0:\n\n"
        f"{links.reset_password()}\n\n"
    )
    return "Le second facteur de votre compte a été retiré", body + SIGNATURE
