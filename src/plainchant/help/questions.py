"""Questions that suppliers ask again and again, with what to do; the page is /aide/questions/."""

from __future__ import annotations

from dataclasses import dataclass

from .guide import Typeset


@dataclass(frozen=True, kw_only=True)
class FrequentQuestion(Typeset):
    """``asked`` in the words of who asks; ``answer``: what to do, in a few sentences.

    ``guide`` and ``term`` are slugs of what tells more, where there is something.
    """

    slug: str
    asked: str
    answer: str
    guide: str = ""
    term: str = ""


QUESTIONS: tuple[FrequentQuestion, ...] = (
    FrequentQuestion(
        slug="mauvais-siret",
        asked="J’ai envoyé ma facture au mauvais organisme.",
        answer="Demandez à cet organisme de la mettre « à recycler ». Vous corrigez alors l’adresse et vous la renvoyez : "
        "même numéro, mêmes montants. S’il l’a rejetée, faites-en une autre.",
        guide="repondre-a-l-organisme",
        term="a-recycler",
    ),
    FrequentQuestion(
        slug="code-service",
        asked="On me demande un code service. Où est-il ?",
        answer="Cherchez l’organisme dans l’annuaire : sa page donne la liste de ses services. Si plusieurs conviennent, "
        "demandez à la personne qui a commandé.",
        guide="trouver-le-destinataire",
        term="code-service",
    ),
    FrequentQuestion(
        slug="numero-d-engagement",
        asked="Je n’ai pas de numéro d’engagement, et la page en demande un.",
        answer="Seul l’organisme peut le donner. Écrivez à la personne qui a commandé : la page « Demander mon numéro "
        "d’engagement » prépare le courriel. Votre brouillon vous attend. N’inventez pas de numéro : la facture reviendrait.",
        guide="trouver-le-destinataire",
        term="numero-d-engagement",
    ),
    FrequentQuestion(
        slug="organisme-absent",
        asked="Mon client n’est pas dans l’annuaire.",
        answer="Cherchez avec sa ville, puis avec son SIRET. Une école est souvent facturée à sa mairie, un musée à sa ville : "
        "demandez-lui à quel nom et à quel SIRET facturer. Un client privé n’est pas dans l’annuaire : envoyez-lui sa facture "
        "autrement.",
        guide="trouver-le-destinataire",
        term="annuaire",
    ),
    FrequentQuestion(
        slug="en-double",
        asked="J’ai peur d’avoir envoyé deux fois la même facture.",
        answer="Cherchez-la dans « Suivi ». Le portail reconnaît le même document et le même numéro, et vous le dit avant l’envoi. "
        "Si elle est partie sous deux numéros, demandez à l’organisme de rejeter l’une des deux, ou faites un avoir.",
        guide="suivre-une-facture",
        term="avoir",
    ),
    FrequentQuestion(
        slug="montant-faux",
        asked="Le montant est faux, et la facture est déjà partie.",
        answer="Une facture envoyée ne change plus. Faites un avoir sur cette facture, puis une nouvelle. "
        "Ou demandez à l’organisme de la rejeter : vous en referez une, avec un autre numéro.",
        guide="saisir-une-facture",
        term="avoir",
    ),
    FrequentQuestion(
        slug="acompte",
        asked="J’ai déjà facturé un acompte. Que fait la dernière facture ?",
        answer="Elle donne le prix entier, puis retire l’acompte. Le portail montre les acomptes envoyés à cet organisme : "
        "dites lesquels retirer.",
        guide="deposer-une-facture",
        term="acompte",
    ),
    FrequentQuestion(
        slug="siret-change",
        asked="J’ai déménagé et mon SIRET a changé.",
        answer="Ouvrez votre fiche structure et déclarez le nouveau numéro. Vos collègues, vos comptes, vos réglages et vos brouillons "
        "suivent. Les anciennes factures restent à leur place.",
        guide="fiche-structure",
        term="siret",
    ),
    FrequentQuestion(
        slug="banque-change",
        asked="J’ai changé de banque.",
        answer="Ajoutez le nouveau compte sur votre fiche structure. Les prochaines factures le porteront. "
        "Pour une facture déjà envoyée, écrivez à l’organisme depuis la page de cette facture, avec votre RIB.",
        guide="poser-une-question",
        term="iban",
    ),
    FrequentQuestion(
        slug="compte-bloque",
        asked="Je ne peux plus me connecter.",
        answer="Après plusieurs essais, le portail fait attendre un moment : la page dit jusqu’à quand. "
        "Choisissez « Mot de passe oublié » pour en faire un autre. Si le message n’arrive pas, regardez dans les courriers indésirables.",
        guide="proteger-son-compte",
    ),
    FrequentQuestion(
        slug="lien-perime",
        asked="Le lien reçu par courriel ne marche plus.",
        answer="Il ne sert qu’une fois, pendant une heure. La page qui s’ouvre vous en propose un autre.",
        guide="creer-un-compte",
    ),
    FrequentQuestion(
        slug="extension-invisible",
        asked="On me parle de l’extension du fichier, et je ne la vois pas.",
        answer="C’est la fin de son nom : .pdf, .xls… Sous Windows, ouvrez le dossier, puis « Affichage », « Afficher », "
        "« Extensions de noms de fichiers ». Sur un Mac, ouvrez le menu « Finder », « Réglages », « Avancé ».",
        guide="deposer-une-facture",
    ),
    FrequentQuestion(
        slug="factur-x",
        asked="Mon logiciel fait des PDF Factur-X. Puis-je les déposer ?",
        answer="Oui. Le portail lit les données cachées dans le PDF et les vérifie tout de suite. Il vous dit si la facture part, "
        "ou ce qu’il faut corriger. Vous pouvez aussi la vérifier d’abord, sans compte.",
        guide="verifier-sans-compte",
        term="facture-electronique",
    ),
    FrequentQuestion(
        slug="rejetee-pour-un-detail",
        asked="Ma facture est rejetée pour un détail.",
        answer="Lisez le motif, puis faites-en une autre avec un autre numéro. Le délai repart : pour la prochaine fois, demandez à "
        "l’organisme de suspendre ou de faire recycler plutôt que de rejeter.",
        guide="suivre-une-facture",
        term="rejetee",
    ),
    FrequentQuestion(
        slug="pas-de-nouvelles",
        asked="Rien ne bouge depuis des semaines.",
        answer="« Mise à disposition » veut dire que l’organisme peut l’ouvrir, et que le délai court. Les étapes suivantes ne sont pas "
        "obligatoires : l’argent peut arriver sans elles. La page de la facture donne le dernier jour pour vous payer.",
        guide="suivre-une-facture",
        term="mise-a-disposition",
    ),
    FrequentQuestion(
        slug="pas-paye",
        asked="Le délai est passé et je ne suis pas payé.",
        answer="Ouvrez la facture. La page calcule ce qui vous est dû en plus, envoie une relance et prépare la lettre. "
        "Elle rassemble aussi le dossier à donner à un syndicat ou au médiateur des entreprises.",
        guide="suivre-une-facture",
        term="interets-moratoires",
    ),
    FrequentQuestion(
        slug="sans-tva",
        asked="Je ne facture pas la TVA. Que dois-je écrire ?",
        answer="À la saisie, répondez que vous ne la facturez pas : le portail écrit la mention de la loi. Dans votre propre fichier, "
        "écrivez « TVA non applicable, art. 293 B du CGI ».",
        guide="saisir-une-facture",
        term="franchise-en-base",
    ),
    FrequentQuestion(
        slug="note-de-droits",
        asked="On me demande une note de droits d’auteur, ou un numéro que je n’ai pas.",
        answer="Un artiste-auteur qui a un SIRET fait une facture. Joignez la note pour le payeur : elle explique la TVA, le précompte et "
        "la contribution du diffuseur, avec les textes.",
        guide="saisir-une-facture",
        term="note-pour-le-payeur",
    ),
    FrequentQuestion(
        slug="deposer-ou-saisir",
        asked="Faut-il déposer ou saisir ?",
        answer="Vous avez déjà votre facture : déposez-la, sans mandat. Vous n’en avez pas : saisissez-la. "
        "Le portail la fabrique, avec un mandat que vous lui donnez une fois.",
        guide="deposer-une-facture",
        term="mandat-de-facturation",
    ),
    FrequentQuestion(
        slug="sans-siret",
        asked="Je n’ai pas de SIRET.",
        answer="Vous pouvez créer une fiche sans SIRET : demande en cours, particulier, entreprise étrangère. La page demande alors "
        "le numéro qui le remplace.",
        guide="fiche-structure",
        term="siret",
    ),
)
