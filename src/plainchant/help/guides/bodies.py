"""The desk of a public body."""

from __future__ import annotations

from plainchant.help.guide import Audience, Guide, GuideStep, Trouble

_GROUP = Audience.BODY

GUIDES = (
    Guide(
        slug="traiter-une-facture",
        title="Traiter une facture reçue",
        audience=_GROUP,
        page="received_to_process",
        purpose="Lire la facture, décider, passer à la suivante : une touche pour chaque décision.",
        needs=("Le droit de traiter les factures de votre service.",),
        steps=(
            GuideStep(name="liste", text="Ouvrez « À traiter ». Les factures en retard viennent d’abord."),
            GuideStep(
                name="lire", text="Ouvrez une facture : le document, ses données et ce que le contrôle a trouvé."
            ),
            GuideStep(
                name="decider",
                text="Choisissez la décision. La touche à presser est écrite sur chaque bouton, avec son effet sur le délai.",
            ),
        ),
        troubles=(
            Trouble(
                what="Je ne vois pas une facture.",
                mend="Elle est peut-être pour un service que vous ne suivez pas. Demandez cet espace à votre gestionnaire.",
            ),
        ),
    ),
    Guide(
        slug="suspendre-recycler-rejeter",
        title="Suspendre, faire recycler ou rejeter",
        audience=_GROUP,
        page="received_to_process",
        purpose="Trois façons de dire non. La plus douce d’abord : il manque une pièce, suspendez ; l’adresse est fausse, faites recycler ; le reste, rejetez.",
        steps=(
            GuideStep(name="suspendre", text="Il manque une pièce : choisissez « Suspendre »."),
            GuideStep(
                name="motif",
                text="Choisissez le motif et écrivez ce que vous attendez. Le fournisseur le lit aussitôt.",
            ),
            GuideStep(name="recycler", text="Ce n’est pas le bon service : choisissez « À recycler »."),
        ),
        troubles=(
            Trouble(
                what="Une seule ligne est fausse.",
                mend="Admettez la part qui est juste : elle est payée, et le reste est contesté avec un motif.",
            ),
            Trouble(
                what="J’ai choisi le mauvais bouton.",
                mend="Rien ne s’efface. Faites la décision suivante : les deux restent écrites.",
            ),
        ),
    ),
    Guide(
        slug="mettre-en-paiement",
        title="Mandater et mettre en paiement",
        audience=_GROUP,
        page="received_to_process",
        purpose="Du service fait au paiement, le fournisseur suit chaque étape, et le délai légal est compté.",
        needs=("Le droit de payer les factures de votre organisme.",),
        steps=(
            GuideStep(name="service-fait", text="Le travail est fait : choisissez « Service fait »."),
            GuideStep(name="mandater", text="Écrivez le numéro de mandat, si vous en avez un."),
            GuideStep(name="payer", text="Quand le paiement part, choisissez « Mettre en paiement »."),
        ),
        troubles=(
            Trouble(
                what="J’ai deux cents paiements à noter.",
                mend="Importez la liste de ce qui a été payé : le portail retrouve chaque facture, et dit ce qu’il n’a pas retrouvé.",
            ),
        ),
    ),
    Guide(
        slug="comparer-les-delais",
        title="Lire les délais de paiement publiés",
        audience=_GROUP,
        page="open_figures",
        purpose="En combien de jours chaque organisme paie, d’après les factures reçues ici. Tout le monde peut le lire, sans compte.",
        steps=(
            GuideStep(
                name="chercher", text="Cherchez un organisme par son nom, sa ville ou son SIRET, puis ouvrez sa ligne."
            ),
        ),
        troubles=(
            Trouble(
                what="Un organisme n’y est pas.",
                mend="Il n’a pas reçu assez de factures ici. En dessous d’un certain nombre, rien n’est publié : personne ne doit être reconnu.",
            ),
        ),
    ),
)
