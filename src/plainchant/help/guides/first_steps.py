"""The steps of the union's guide: an account, a structure, a recipient; an invoice deposited or typed, then followed."""

from __future__ import annotations

from plainchant.help.guide import Audience, Guide, GuideStep, Trouble

_GROUP = Audience.FIRST_STEPS

GUIDES = (
    Guide(
        slug="creer-un-compte",
        title="Créer votre compte",
        audience=_GROUP,
        seed="1. Créer son compte utilisateur",
        page="account_signup",
        purpose="Un compte suffit pour toutes vos factures. Vous le créez une fois, en trois minutes.",
        needs=(
            "Une adresse électronique que vous lisez.",
            "Votre numéro SIRET : quatorze chiffres, écrits sur vos factures ou sur l’avis de l’Insee.",
        ),
        steps=(
            GuideStep(name="accueil", text="Sur la page d’accueil, choisissez « Créer mon compte »."),
            GuideStep(
                name="formulaire",
                text="Écrivez votre adresse deux fois, votre prénom, votre nom et votre numéro SIRET. Cochez la dernière case : vous acceptez les conditions.",
            ),
            GuideStep(name="envoyer", text="Choisissez « Créer mon compte ». Un message part à votre adresse."),
            GuideStep(
                name="message",
                text="Ouvrez ce message et suivez le lien qu’il contient. Ne tardez pas : le lien ne sert qu’une fois, pendant une heure.",
            ),
            GuideStep(
                name="mot-de-passe",
                text="Choisissez un mot de passe long : quatre mots au hasard font l’affaire. Vous êtes connecté.",
            ),
        ),
        troubles=(
            Trouble(
                what="Le message n’arrive pas.",
                mend="Regardez dans les courriers indésirables. Vous pouvez aussi demander un nouveau message : recommencez la création avec la même adresse.",
            ),
            Trouble(
                what="Le lien ne marche plus.",
                mend="Il a servi, ou il est trop vieux. La page qui s’ouvre vous en propose un autre.",
            ),
            Trouble(
                what="Le portail ne reconnaît pas mon SIRET.",
                mend="Comptez quatorze chiffres. Un SIRET tout neuf peut manquer à l’annuaire : vous pouvez continuer.",
            ),
        ),
    ),
    Guide(
        slug="fiche-structure",
        title="Créer votre fiche structure et donner votre IBAN",
        audience=_GROUP,
        seed="2. Créer ou rattacher une « fiche structure »",
        page="structures_mine",
        purpose="La fiche structure dit qui facture : un nom, une adresse, un SIRET. Le compte bancaire dit où vous payer.",
        needs=("Votre numéro SIRET.", "Votre IBAN, écrit sur le RIB que donne votre banque."),
        steps=(
            GuideStep(
                name="fiche", text="Vérifiez le nom et l’adresse de votre structure, et complétez ce qui manque."
            ),
            GuideStep(name="creer", text="Enregistrez. Vous gérez maintenant cette structure."),
            GuideStep(name="ajouter-un-compte", text="Sur la fiche, choisissez « Ajouter un compte bancaire »."),
            GuideStep(
                name="iban",
                text="Recopiez votre IBAN, avec ou sans espaces. Le portail le vérifie avant de l’enregistrer.",
            ),
            GuideStep(
                name="pret", text="Le compte est sur la fiche. Vous pouvez maintenant le choisir pour vos factures."
            ),
        ),
        troubles=(
            Trouble(
                what="Le portail dit que l’IBAN ne convient pas.",
                mend="Un chiffre est faux ou manque. Recopiez l’IBAN depuis le RIB, plutôt que de mémoire.",
            ),
            Trouble(
                what="Quelqu’un gère déjà cette structure.",
                mend="Demandez à la rejoindre : cette personne reçoit un message et vous répond.",
            ),
            Trouble(
                what="Mon SIRET a changé.",
                mend="Déclarez le nouveau depuis l’ancienne fiche : tout ce qui était réglé est repris.",
            ),
        ),
    ),
    Guide(
        slug="trouver-le-destinataire",
        title="Trouver votre destinataire dans l’annuaire",
        audience=_GROUP,
        seed="3. Identifier son destinataire dans l’annuaire des structures publiques",
        page="directory_search",
        purpose="L’annuaire dit à qui envoyer, et ce que chaque organisme demande sur vos factures.",
        needs=("Le nom de l’organisme ou sa ville. Le SIRET est plus sûr, si vous l’avez.",),
        steps=(
            GuideStep(name="chercher", text="Écrivez le nom ou la ville. Une faute de frappe ne gêne pas."),
            GuideStep(name="choisir", text="Choisissez l’organisme dans la liste."),
            GuideStep(
                name="ce-qu-il-demande",
                text="Lisez ce qu’il demande : un service, un numéro d’engagement, ou rien. Si vous ne l’avez pas, demandez-le à votre contact avant de facturer.",
            ),
        ),
        troubles=(
            Trouble(
                what="Plusieurs lignes portent le même nom.",
                mend="Comparez le SIRET avec celui de votre bon de commande, ou demandez à votre contact.",
            ),
            Trouble(
                what="Je n’ai pas de numéro d’engagement.",
                mend="C’est l’organisme qui le donne, avec la commande. Écrivez à la personne qui vous a commandé le travail.",
            ),
        ),
    ),
    Guide(
        slug="deposer-une-facture",
        title="Déposer une facture (PDF ou tableur)",
        audience=_GROUP,
        seed="3. Pour déposer une facture sur Chorus Pro",
        page="deposit_start",
        purpose="Votre facture est déjà faite : PDF, photo, tableur ou traitement de texte. Le portail la lit, vous relisez, vous envoyez.",
        needs=("Le fichier de votre facture.", "Ce que demande l’organisme : service ou numéro d’engagement."),
        steps=(
            GuideStep(name="fichier", text="Choisissez le fichier de votre facture, puis « Lire »."),
            GuideStep(name="relire", text="Comparez ce que le portail a lu avec votre facture, affichée à côté."),
            GuideStep(
                name="corriger",
                text="S’il manque quelque chose, la page le dit : quoi, où, et comment corriger. Cliquez sur le lien : il mène à la case.",
            ),
            GuideStep(name="service", text="Choisissez le service à facturer, si l’organisme en demande un."),
            GuideStep(
                name="envoyer",
                text="Quand tout est juste, choisissez « Confirmer et envoyer ». Après, la facture ne change plus.",
            ),
            GuideStep(
                name="certificat",
                text="La facture est envoyée. Gardez le certificat de dépôt : il prouve le jour et l’heure.",
            ),
        ),
        troubles=(
            Trouble(
                what="Le portail refuse mon fichier.",
                mend="Son nom doit finir par .pdf, .xlsx, .xls, .ods, .docx ou .odt ; celui d’une photo, par .jpg, .png ou .heic. Si vous ne voyez pas cette fin, demandez à votre ordinateur d’afficher les extensions.",
            ),
            Trouble(
                what="Un montant est mal lu.",
                mend="Choisissez « Tout corriger » et écrivez le bon montant. C’est ce que vous écrivez qui compte.",
            ),
            Trouble(
                what="Je ne suis pas prêt à envoyer.",
                mend="Choisissez « Garder en brouillon ». Vous retrouverez la facture dans « Suivi ».",
            ),
        ),
    ),
    Guide(
        slug="donner-un-mandat",
        title="Donner un mandat de facturation",
        audience=_GROUP,
        seed="4. Souscrire un mandat de facturation",
        page="entry_start",
        purpose="Quand vous saisissez une facture à l’écran, le portail fabrique le document à votre place. Vous lui en donnez le droit une fois : c’est le mandat.",
        needs=("Être gestionnaire de votre structure.",),
        steps=(
            GuideStep(name="sans-mandat", text="Ouvrez « Saisir une facture » et choisissez « Donner ce mandat »."),
            GuideStep(
                name="lire",
                text="Lisez le texte, puis choisissez « J’ai lu, je donne ce mandat ». Vous pouvez y mettre fin quand vous voulez.",
            ),
        ),
        troubles=(
            Trouble(
                what="Le bouton n’est pas là.",
                mend="Seul le gestionnaire de la structure peut donner un mandat. La page dit qui c’est.",
            ),
        ),
    ),
    Guide(
        slug="saisir-une-facture",
        title="Saisir une facture simple",
        audience=_GROUP,
        seed="4. Pour saisir une facture simple",
        page="entry_start",
        purpose="Vous n’avez pas de facture : répondez aux questions, le portail la fabrique.",
        needs=("Un mandat de facturation, donné une fois.", "Ce que vous avez fait, pour qui, et combien."),
        steps=(
            GuideStep(
                name="qui", text="La première fois, dites qui vous êtes : artiste-auteur, entreprise, association."
            ),
            GuideStep(name="tva", text="Dites si vous facturez la TVA. Ces réponses sont gardées."),
            GuideStep(name="destinataire", text="Cherchez l’organisme qui vous doit cet argent, et choisissez-le."),
            GuideStep(name="travail", text="Choisissez ce qui ressemble à votre travail."),
            GuideStep(name="details", text="Répondez aux questions : quoi, où, quand, combien."),
            GuideStep(name="montant", text="Vérifiez les lignes et le total, puis « Relire la facture »."),
            GuideStep(
                name="references", text="Ajoutez ce que l’organisme demande : le service, le numéro d’engagement."
            ),
            GuideStep(
                name="relire",
                text="Relisez la facture comme la verra l’organisme, puis « Confirmer et envoyer ».",
            ),
            GuideStep(name="envoyee", text="Elle est envoyée. Vous pouvez télécharger le PDF et le certificat."),
        ),
        troubles=(
            Trouble(
                what="Aucune situation ne me ressemble.",
                mend="Choisissez d’écrire avec vos mots : vous donnez la ligne, la quantité et le prix.",
            ),
            Trouble(
                what="Je me suis trompé après l’envoi.",
                mend="Faites un avoir sur cette facture, puis une nouvelle facture.",
            ),
        ),
    ),
    Guide(
        slug="suivre-une-facture",
        title="Suivre une facture",
        audience=_GROUP,
        seed="5. Pour effectuer le suivi d’une facture simple",
        page="issued_list",
        purpose="À tout moment, vous savez où est votre facture, ce qu’on attend de vous, et quand vous devez être payé.",
        steps=(
            GuideStep(name="liste", text="Ouvrez « Suivi ». Chaque ligne dit où en est la facture."),
            GuideStep(name="etapes", text="Ouvrez une facture : chaque étape est datée, avec le nom de la personne."),
        ),
        troubles=(
            Trouble(
                what="Je ne retrouve pas une facture.",
                mend="Cherchez son numéro, le nom de l’organisme ou le montant dans la case de recherche.",
            ),
            Trouble(
                what="Elle est marquée « Rejetée ».",
                mend="Lisez le motif. Faites une nouvelle facture avec un autre numéro : le portail la relie à l’ancienne.",
            ),
        ),
    ),
)
