"""Several people for one structure, and one structure for others."""

from __future__ import annotations

from plainchant.help.guide import Audience, Guide, GuideStep, Trouble

_GROUP = Audience.TOGETHER

GUIDES = (
    Guide(
        slug="rejoindre-une-structure",
        title="Rejoindre votre structure",
        audience=_GROUP,
        page="structures_mine",
        purpose="Un collègue gère déjà votre structure : demandez-lui de vous y rattacher.",
        steps=(
            GuideStep(
                name="demander", text="Trouvez la structure par son SIRET et choisissez « Demander mon rattachement »."
            ),
            GuideStep(name="attendre", text="Le gestionnaire reçoit un message. Sa réponse vous arrive par courriel."),
        ),
        troubles=(
            Trouble(
                what="Personne ne répond.",
                mend="Le gestionnaire est peut-être parti. Écrivez à qui tient ce portail : il peut en nommer un autre.",
            ),
        ),
    ),
    Guide(
        slug="regler-les-espaces",
        title="Régler les espaces de travail",
        audience=_GROUP,
        seed="5. Paramétrer les espaces de travail",
        page="spaces_mine",
        purpose="Un espace est une part du travail : déposer, suivre, traiter, payer. Le gestionnaire dit qui ouvre quoi, pour toute la structure ou pour un service.",
        needs=("Être gestionnaire de la structure.", "Seul dans votre structure, vous avez déjà tous les espaces."),
        steps=(
            GuideStep(
                name="demande", text="Ouvrez la demande de la personne, ou sa ligne dans la liste des personnes."
            ),
            GuideStep(name="choisir", text="Cochez ce qu’elle doit faire, et les services dont elle s’occupe."),
            GuideStep(name="accepter", text="Acceptez. Ses droits comptent tout de suite, sans nouvelle connexion."),
            GuideStep(name="finir", text="Quand elle part, mettez fin à son rattachement : elle ne voit plus rien."),
        ),
        troubles=(
            Trouble(
                what="Je suis le seul gestionnaire et je pars.",
                mend="Transmettez d’abord la gestion à une autre personne, depuis sa page.",
            ),
        ),
    ),
    Guide(
        slug="agir-pour-un-client",
        title="Facturer pour quelqu’un d’autre",
        audience=_GROUP,
        page="structures_mine",
        purpose="Un comptable, un collectif, un syndicat agissent pour des artistes qui le leur permettent. Chaque geste porte les deux noms.",
        needs=("La délégation de la personne pour qui vous agissez.",),
        steps=(
            GuideStep(name="envoyer", text="Préparez la facture de votre client comme une des vôtres, et envoyez-la."),
            GuideStep(name="suivre", text="Vos clients sont dans la même liste, avec leur nom sur chaque ligne."),
            GuideStep(name="voir", text="Le client voit à tout moment ce qui a été fait en son nom."),
            GuideStep(name="finir", text="Il peut mettre fin à la délégation. Elle s’arrête aussitôt."),
        ),
        troubles=(
            Trouble(
                what="Mon client n’a pas de compte.",
                mend="Il en crée un, puis ouvre la délégation depuis sa fiche. Vous pouvez aussi la lui demander.",
            ),
        ),
    ),
)
