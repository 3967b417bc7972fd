"""One's own account."""

from __future__ import annotations

from plainchant.help.guide import Audience, Guide, GuideStep, Trouble

_GROUP = Audience.ACCOUNT

GUIDES = (
    Guide(
        slug="proteger-son-compte",
        title="Protéger votre compte par une seconde preuve",
        audience=_GROUP,
        page="mfa_index",
        purpose="Un mot de passe se devine ou se vole. Avec une seconde preuve, il ne suffit plus.",
        needs=("Un téléphone ou un ordinateur qui a une clé d’accès, ou votre messagerie.",),
        steps=(
            GuideStep(name="choisir", text="Dans « Sécurité », choisissez « Ajouter une clé d’accès »."),
            GuideStep(name="nommer", text="Donnez un nom à cet appareil, puis suivez ce qu’il vous demande."),
            GuideStep(
                name="codes", text="Notez les codes de secours sur papier : ils servent si l’appareil est perdu."
            ),
            GuideStep(name="entrer", text="À la connexion suivante, utilisez votre clé d’accès."),
        ),
        troubles=(
            Trouble(
                what="J’ai perdu mon téléphone.",
                mend="Entrez avec un code de secours, puis ajoutez un autre appareil.",
            ),
            Trouble(
                what="J’ai oublié mon mot de passe.",
                mend="Sur la page de connexion, choisissez « Mot de passe oublié » : un message vous en fait choisir un autre.",
            ),
        ),
    ),
    Guide(
        slug="fermer-son-compte",
        title="Fermer votre compte",
        audience=_GROUP,
        page="account_profile",
        purpose="Vous partez : vos accès s’arrêtent, vos factures restent à vos structures. Vous pouvez changer d’avis pendant un temps.",
        steps=(
            GuideStep(name="lire", text="Lisez ce qui reste et ce qui s’en va, puis « Fermer mon compte »."),
            GuideStep(name="revenir", text="Pour revenir, suivez le lien du message, puis « Rouvrir mon compte »."),
        ),
    ),
)
