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
                mend="Le gestionnaire est peut-être parti. Écrivez à la personne qui tient ce portail : elle peut en nommer un autre.",
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
        needs=(
            "Être gestionnaire de la structure.",
            "Si vous êtes seul dans votre structure, vous avez déjà tous les espaces.",
        ),
        steps=(
            GuideStep(
                name="demande", text="Ouvrez la demande de la personne, ou sa ligne dans la liste des personnes."
            ),
            GuideStep(name="choisir", text="Cochez ce qu’elle doit faire, et les services dont elle s’occupe."),
            GuideStep(name="accepter", text="Acceptez. Ses droits valent tout de suite, sans nouvelle connexion."),
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
        purpose="Un comptable, un collectif, un syndicat agissent pour des artistes qui le leur permettent. Tout ce qui est fait garde les deux noms.",
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
    Guide(
        slug="factures-de-travaux",
        title="Traiter une facture de travaux",
        audience=_GROUP,
        page="works_list",
        purpose="Architecte ou maître d’ouvrage, vous recevez la demande du titulaire. Vous la vérifiez en faisant la pièce suivante du dossier.",
        needs=("Être nommé maître d’œuvre ou maître d’ouvrage par le titulaire. Un courriel vous prévient.",),
        steps=(
            GuideStep(name="liste", text="Ouvrez « Travaux ». Ce qui vous attend est là, le plus ancien d’abord."),
            GuideStep(
                name="lire", text="Ouvrez une pièce et lisez le document. Les boutons disent ce que vous pouvez faire."
            ),
            GuideStep(
                name="suivante",
                text="Faites la pièce suivante. Les montants sont déjà là : corrigez ce qui doit l’être, puis « Confirmer et envoyer ».",
            ),
            GuideStep(name="dossier", text="Le dossier montre toutes les pièces, et chez qui est la dernière."),
        ),
        troubles=(
            Trouble(
                what="Le montant demandé est trop haut.",
                mend="Écrivez le bon dans votre pièce. Le titulaire voit les deux.",
            ),
            Trouble(
                what="Ce chantier n’est pas le mien.",
                mend="Répondez que vous n’êtes pas le bon maître d’œuvre : le titulaire en nomme un autre.",
            ),
        ),
    ),
    Guide(
        slug="valider-un-sous-traitant",
        title="Valider la facture d’un sous-traitant",
        audience=_GROUP,
        page="validation_list",
        purpose="Votre sous-traitant est payé directement par l’organisme. Celui-ci attend d’abord votre accord.",
        needs=("Être nommé valideur par le sous-traitant ou le cotraitant. Un courriel vous prévient.",),
        steps=(
            GuideStep(name="liste", text="Ouvrez « À valider ». Celle dont le délai finit le plus tôt est en haut."),
            GuideStep(
                name="lire", text="Ouvrez la facture, lisez le document, et choisissez « Valider » ou « Refuser »."
            ),
            GuideStep(
                name="accord", text="La page dit ce qui va se passer. Confirmez : la facture part vers l’organisme."
            ),
        ),
        troubles=(
            Trouble(
                what="Je n’ai pas répondu.",
                mend="Après quinze jours, votre accord est réputé donné et la facture part.",
            ),
            Trouble(
                what="Ce n’est pas mon chantier.",
                mend="Choisissez « Je ne suis pas le bon valideur » : le sous-traitant en nomme un autre.",
            ),
        ),
    ),
    Guide(
        slug="brancher-un-logiciel",
        title="Brancher un logiciel",
        audience=_GROUP,
        page="structures_mine",
        purpose="Votre logiciel de facturation ou de comptabilité peut envoyer et lire à votre place. Il a son propre compte, et n’a jamais votre mot de passe.",
        needs=("Être gestionnaire de la structure.", "Le logiciel sous la main, ou la personne qui le règle."),
        steps=(
            GuideStep(
                name="compte",
                text="Sur la fiche de votre structure, ouvrez « Comptes techniques », puis « Créer un compte technique ».",
            ),
            GuideStep(
                name="droits",
                text="Donnez-lui le nom du logiciel et cochez ce qu’il pourra faire. Puis « Créer ce compte ».",
            ),
            GuideStep(
                name="mot-de-passe",
                text="Recopiez l’identifiant et le mot de passe dans le logiciel maintenant : le mot de passe n’est montré qu’une fois.",
            ),
            GuideStep(
                name="application",
                text="Si le logiciel demande aussi un « client_id », choisissez « Créer une application ».",
            ),
        ),
        troubles=(
            Trouble(
                what="Le mot de passe est perdu.",
                mend="Demandez-en un second sur la page de ce compte, donnez-le au logiciel, puis retirez l’ancien.",
            ),
            Trouble(
                what="Le logiciel doit être prévenu quand une facture change.",
                mend="Sur la fiche, ouvrez « Logiciels prévenus » et donnez l’adresse du logiciel. Ce portail ne le permet pas toujours.",
            ),
            Trouble(
                what="Je ne veux plus de ce logiciel.",
                mend="Mettez fin au compte technique : le logiciel perd son accès aussitôt.",
            ),
        ),
    ),
)
