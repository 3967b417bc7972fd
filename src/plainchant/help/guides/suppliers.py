"""After an invoice has left, and around it."""

from __future__ import annotations

from plainchant.help.guide import Audience, Guide, GuideStep, Trouble

_GROUP = Audience.SUPPLIER

GUIDES = (
    Guide(
        slug="verifier-sans-compte",
        title="Vérifier un fichier sans compte",
        audience=_GROUP,
        page="verify",
        purpose="Votre logiciel fabrique des factures électroniques. Sachez avant l’envoi si elles seront acceptées, et par quel canal.",
        needs=("Un fichier Factur-X (PDF), UBL ou CII (XML).",),
        steps=(
            GuideStep(name="ouvrir", text="Dans le menu, choisissez « Vérifier une facture », puis votre fichier."),
            GuideStep(
                name="refusee",
                text="Si la facture n’est pas acceptable, la page dit ce qui ne va pas, où, et comment corriger.",
            ),
            GuideStep(name="acceptee", text="Corrigez dans votre logiciel et recommencez, jusqu’à « sera acceptée »."),
        ),
        troubles=(
            Trouble(
                what="Mon PDF n’est qu’un PDF ordinaire.",
                mend="Il ne contient pas de données à vérifier. Déposez-le : le portail le lit et vérifie ce que vous confirmez.",
            ),
        ),
    ),
    Guide(
        slug="repondre-a-l-organisme",
        title="Répondre quand l’organisme demande quelque chose",
        audience=_GROUP,
        page="issued_list",
        purpose="Une facture « suspendue » attend une pièce. Une facture « à recycler » est arrivée au mauvais endroit. Le numéro et les montants ne changent pas.",
        steps=(
            GuideStep(name="motif", text="Ouvrez la facture. La page dit qui a demandé quoi, et pourquoi."),
            GuideStep(name="completer", text="Suspendue : choisissez « Compléter et renvoyer »."),
            GuideStep(name="joindre", text="Joignez la pièce demandée, écrivez un mot, et renvoyez."),
            GuideStep(name="recycler", text="À recycler : corrigez l’adresse, puis « Renvoyer la facture »."),
        ),
        troubles=(
            Trouble(
                what="C’est le montant qui est faux.",
                mend="On ne peut pas le changer. Demandez à l’organisme de rejeter la facture, puis faites-en une autre.",
            ),
            Trouble(
                what="Le délai de paiement s’est arrêté.",
                mend="Il repart dès que vous avez répondu.",
            ),
        ),
    ),
    Guide(
        slug="envoyer-plusieurs-factures",
        title="Envoyer plusieurs factures d’un coup",
        audience=_GROUP,
        page="flows_start",
        purpose="Quarante fichiers ou un tableau de cent lignes : vous les envoyez ensemble, et chacun a sa réponse.",
        needs=("Des fichiers de factures, ensemble ou dans une archive (ZIP, TAR), ou le tableau à remplir.",),
        steps=(
            GuideStep(
                name="choisir", text="Choisissez tous les fichiers, ou téléchargez d’abord le tableau à remplir."
            ),
            GuideStep(
                name="compte-rendu",
                text="Quand tout est lu, le compte rendu dit ce qui est parti et ce qui est à corriger.",
            ),
            GuideStep(name="rejets", text="Corrigez seulement celles qui sont refusées, et renvoyez-les seules."),
        ),
        troubles=(
            Trouble(
                what="J’ai renvoyé les mêmes fichiers par erreur.",
                mend="Rien n’est envoyé deux fois : le portail reconnaît une facture déjà partie.",
            ),
        ),
    ),
    Guide(
        slug="garder-ses-pieces",
        title="Garder vos documents sous la main",
        audience=_GROUP,
        page="library_list",
        purpose="Le RIB, l’attestation de vigilance, le devis signé : gardez-les ici et joignez-les en un geste.",
        steps=(
            GuideStep(name="ajouter", text="Choisissez « Ajouter une pièce »."),
            GuideStep(name="quoi", text="Dites ce que c’est, choisissez le fichier, et gardez-le."),
            GuideStep(
                name="joindre", text="Pendant un dépôt, ouvrez les pièces jointes et cochez ce qu’il faut joindre."
            ),
        ),
        troubles=(
            Trouble(
                what="Une pièce est marquée « Périmée ».",
                mend="Remplacez-la par la nouvelle : son nom et sa place restent.",
            ),
        ),
    ),
    Guide(
        slug="poser-une-question",
        title="Poser une question sur une facture",
        audience=_GROUP,
        page="tickets",
        purpose="Le téléphone sonne dans le vide ? Écrivez depuis la facture : la question arrive à la personne qui la traite, et la réponse reste ici.",
        needs=("Une facture envoyée. Sans facture, la question va à la personne qui tient ce portail.",),
        steps=(
            GuideStep(
                name="ouvrir", text="Ouvrez la facture dans « Suivi », puis « Signaler un problème sur cette facture »."
            ),
            GuideStep(
                name="ecrire",
                text="Dites à qui vous posez la question, de quoi il s’agit et ce qui s’est passé. Puis « Envoyer ».",
            ),
            GuideStep(
                name="suivre",
                text="Votre question est dans « Mes demandes », avec un numéro. Un courriel annonce la réponse.",
            ),
        ),
        troubles=(
            Trouble(
                what="Personne ne répond.",
                mend="Ajoutez un message à la même demande. Le délai de paiement, lui, court toujours.",
            ),
            Trouble(
                what="C’est réglé.",
                mend="Choisissez « C’est réglé : clôturer ». Vous pourrez la rouvrir.",
            ),
        ),
    ),
)
