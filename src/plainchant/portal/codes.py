"""Every code that the portal itself gives, as one table: what it means, how to mend it, its HTTP status.

A code is what a program compares and what a person quotes on the phone, so it is stable: none is ever given another
meaning. The rules of invoices have their rows in the engine (`einvoice/rules/…_table.py`); `explain` knows both.
This module stands below the rest of the portal: a refusal or a finding whose code has no row cannot be made.

Chorus Pro's own list of messages is not public. The codes of a whole flow are those that the reform publishes for files
it cannot take (IRR_…, XP Z12-012). `docs/codes.md` and the codes of `docs/flow-report.md` are printed from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from plainchant.einvoice import explain as explain_rule
from plainchant.einvoice.finding import Explanation, Finding


class About(StrEnum):
    """What a code is about; the value is natureErreur where a flow's report says it."""

    FLOW = "IRRECEVABILITE"
    INCIDENT = "INCIDENT"
    NOTICE = "AVERTISSEMENT"
    INVOICE = "FACTURE"
    REMARK = "REMARQUE"  # worth a look on an invoice, and stops nothing
    DOCUMENT = "LECTURE"  # seen while a document was read; `plainchant read` prints it
    REQUEST = "DEMANDE"  # something that was asked for and not done


@dataclass(frozen=True, slots=True)
class Code:
    """``http`` is the status of an answer that says this and nothing else.

    ``retour`` is the codeRetour of the programming interface, ``key`` what its libelle begins with: those of Chorus Pro
    where public documents give them, else 20000 and our own code.
    """

    code: str
    about: About
    http: int
    meaning: str
    mend: str
    retour: int = 20000
    key: str = ""


_BOTH_ARE_SEEN = "Corrigez celui des deux qui est faux : l’acheteur voit les deux."
_SEND_ALONE = "Corrigez la facture, puis renvoyez-la seule : son numéro n’a pas été consommé."
_CELL = "Corrigez la case indiquée, puis renvoyez le tableau : les lignes déjà prises ne sont pas reprises."
_READ_AGAIN = "Relisez la page, puis choisissez parmi ce qui reste possible."

# fmt: off
CODES: tuple[Code, ...] = (
    # A whole flow, and the invoices in it
    Code("IRR_VIDE_F", About.FLOW, 422, "Le fichier est vide, ou ne contient aucune facture.", "Choisissez le fichier qui contient vos factures."),
    Code("IRR_TYPE_F", About.FLOW, 415, "Rien dans le fichier n’est une facture que le portail sait lire.", "Envoyez de l’UBL, du CII, du Factur-X, une archive de ceux-ci, ou le tableau de factures rempli.", retour=20001, key="GDP_MSG_01.001"),
    Code("IRR_SYNTAX", About.FLOW, 422, "L’archive est abîmée, protégée par un mot de passe, d’un format inconnu, ou faite de fichiers creux ou superposés.", "Créez l’archive de nouveau, en .zip ou .tar.gz, sans mot de passe.", retour=20002, key="GDP_MSG_01.002"),
    Code("IRR_TAILLE_F", About.FLOW, 413, "Le flux dépasse 500 factures ou 1 Go, une facture 120 Mo, ou un fichier ce que l’antivirus analyse.", "Répartissez les factures en plusieurs envois, ou allégez les pièces jointes.", retour=20001, key="GDP_MSG_11.022"),
    Code("IRR_NOM_F", About.FLOW, 409, "Un flux de ce nom a déjà été envoyé.", "Changez la séquence à la fin du nom."),
    Code("IRR_ANTIVIRUS", About.FLOW, 422, "L’antivirus a reconnu un programme malveillant.", "Faites analyser l’ordinateur d’où vient le fichier, puis produisez-le à nouveau."),
    Code("ANTIVIRUS_INDISPONIBLE", About.INCIDENT, 503, "L’antivirus du portail ne répond pas ; rien n’est pris sans lui.", "Réessayez dans quelques minutes. Un flux déjà reçu attend et reprend seul."),
    Code("FLUX-ABANDON", About.INCIDENT, 422, "Trop de fichiers du flux n’ont pas pu être lus : la suite n’a pas été traitée.", "Vérifiez l’archive, puis envoyez de nouveau ce qui manque."),
    Code("FLUX-INCIDENT", About.INCIDENT, 503, "Un incident a arrêté le flux avant qu’une facture soit prise.", "Renvoyez le même fichier."),
    Code("FLUX-SYNTAXE-ANNONCEE", About.NOTICE, 200, "Le format annoncé n’est pas celui du contenu ; c’est le contenu qui a été suivi.", "Annoncez le format réel la prochaine fois. Il n’y a rien à renvoyer."),
    Code("FLUX-FOURNISSEUR", About.INVOICE, 422, "L’émetteur n’est pas une structure à laquelle l’expéditeur est rattaché.", "Demandez le rattachement à sa fiche, ou corrigez le SIRET de l’émetteur."),
    Code("FLUX-CIRCUIT", About.INVOICE, 422, "Cette pièce de travaux ne peut pas commencer un dossier dans un flux. Elle se fait à partir d’une autre, ou ce portail n’a pas son circuit.", "Faites-la dans « Factures de travaux », ou suivez ce que dit la phrase."),
    Code("CPRO-FOURNISSEUR-INACTIF", About.INVOICE, 422, "La structure de l’émetteur est inactive.", "Faites-la réactiver, ou facturez au nom d’une autre."),
    Code("CPRO-SOI-MEME", About.INVOICE, 422, "Le destinataire est l’émetteur lui-même.", "Indiquez le SIRET de qui doit payer."),
    Code("CPRO-G2.07", About.INVOICE, 422, "L’émetteur a déjà utilisé ce numéro pour une autre facture.", "Donnez un autre numéro à la facture."),
    Code("FLUX-DEJA-PRISE", About.NOTICE, 200, "La même facture, octet pour octet, avait déjà été prise.", "Il n’y a rien à faire : elle n’existe qu’une fois."),
    Code("FLUX-ILLISIBLE", About.INVOICE, 422, "Ce fichier n’a pas pu être lu jusqu’au bout.", "Produisez-le à nouveau avec votre logiciel, puis envoyez-le seul."),
    Code("FLUX-VALEUR", About.INVOICE, 422, "Une valeur est trop longue ou n’a pas la forme prévue.", _SEND_ALONE),
    Code("FLUX-SUITE", About.INVOICE, 422, "Le même fichier a d’autres défauts, plus nombreux qu’un compte rendu n’en peut garder.", "Corrigez les premiers : les autres ont souvent la même cause."),
    Code("TABLEAU-CHANGE", About.INVOICE, 422, "La facture ne dirait plus ce qui a été montré avant l’envoi.", "Envoyez de nouveau le tableau, et relisez-la."),
    Code("TABLEAU-LIGNES", About.INVOICE, 422, "Deux rangées du tableau ont le même émetteur et le même numéro de facture. Elles ne disent pas le même client, la même date ou la même référence.", _CELL),
    Code("TABLEAU-TVA-MELEE", About.INVOICE, 422, "Les lignes d’une facture sont sans TVA pour deux raisons différentes.", _CELL),
    Code("TABLEAU-CASE-VIDE", About.INVOICE, 422, "Une case obligatoire du tableau est vide.", _CELL),
    Code("TABLEAU-SIRET", About.INVOICE, 422, "Une case ne contient pas un SIRET de 14 chiffres.", _CELL),
    Code("TABLEAU-DATE", About.INVOICE, 422, "Une case ne contient pas une date.", _CELL),
    Code("TABLEAU-NOMBRE", About.INVOICE, 422, "Une case ne contient pas un nombre, ou pas de cette taille.", _CELL),
    Code("TABLEAU-TVA", About.INVOICE, 422, "La case de TVA n’est ni un taux en vigueur, ni une raison de ne pas en facturer.", _CELL),
    Code("TABLEAU-CHOIX", About.INVOICE, 422, "La case contient autre chose que les choix possibles.", _CELL),
    Code("TABLEAU-IBAN", About.INVOICE, 422, "La case ne contient pas un IBAN juste.", _CELL),
    Code("TABLEAU-COMPTE", About.INVOICE, 422, "L’IBAN manque et la structure a plusieurs comptes.", "Écrivez l’IBAN de celui où elle veut être payée."),
    Code("TABLEAU-COMPTE-INCONNU", About.INVOICE, 422, "L’IBAN n’est pas sur la fiche de la structure.", "Ajoutez d’abord le compte à sa fiche, ou laissez la case vide."),
    Code("TABLEAU-LONG", About.INVOICE, 422, "Le texte d’une case est trop long.", _CELL),
    Code("TABLEAU-FORMULE", About.INVOICE, 422, "La case est une formule dont le résultat n’est pas enregistré.", "Ouvrez le tableau dans votre tableur, enregistrez-le, puis renvoyez-le."),

    # An invoice that is prepared here
    Code("ANNUAIRE-DESTINATAIRE-ABSENT", About.INVOICE, 422, "Le destinataire manque.", "Cherchez dans l’annuaire la structure publique à qui vous envoyez la facture."),
    Code("CPRO-COMPTE-FERME", About.INVOICE, 422, "Le compte bancaire choisi a été fermé, ou attend d’être confirmé.", "Choisissez-en un autre."),
    Code("CPRO-DOCUMENT-ABSENT", About.INVOICE, 422, "Le document de la facture manque.", "Déposez-le de nouveau."),
    Code("CPRO-RECYCLAGE-IDENTIQUE", About.INVOICE, 422, "Une facture à recycler est renvoyée au même endroit : rien n’a changé.", "Corrigez le destinataire, le service ou l’engagement."),
    Code("CPRO-DEUX-FACTURES", About.REMARK, 200, "Le document semble contenir plusieurs factures, dont le destinataire ne verrait qu’une.", "Séparez-les et déposez-les une par une, sauf si nous nous trompons."),
    Code("CPRO-FACTURX", About.REMARK, 200, "Le PDF contient aussi des données Factur-X ; il est déposé comme un PDF simple.", "Vérifiez les valeurs à l’écran : ce sont elles qui font foi."),
    Code("CPRO-FORMULES", About.REMARK, 200, "Des formules du classeur sont enregistrées sans leur résultat : le destinataire ne verra rien à leur place.", "Ouvrez-le dans votre tableur, enregistrez-le, puis déposez-le de nouveau."),
    Code("CPRO-FEUILLES-MASQUEES", About.REMARK, 200, "Le classeur contient des feuilles masquées, que le destinataire pourra afficher.", "Si elles ne le regardent pas, supprimez-les et déposez-le de nouveau."),
    Code("CPRO-RETENUE", About.REMARK, 200, "Sur le document l’acheteur retient une somme (précompte, retenue) ; la facture, elle, reste due en entier.", "Vérifiez les sommes ; si elles sont justes, ne changez rien."),
    Code("CPRO-FOURNISSEUR-DIFFERENT", About.REMARK, 200, "Le document semble émis par une autre structure que celle choisie.", "Vérifiez que c’est la bonne structure, ou le bon fichier."),
    Code("CPRO-IBAN-DIFFERENT", About.REMARK, 200, "Le document porte un autre IBAN que celui du compte choisi.", _BOTH_ARE_SEEN),
    Code("CPRO-NUMERO-DIFFERENT", About.REMARK, 200, "Le document porte un autre numéro que celui qui est tapé.", "Vérifiez : l’acheteur compare les deux."),
    Code("CPRO-DESTINATAIRE-DIFFERENT", About.REMARK, 200, "Le document porte le SIRET d’un autre destinataire que celui qui est choisi.", _BOTH_ARE_SEEN),
    Code("CPRO-SERVICE-DIFFERENT", About.REMARK, 200, "Le document porte un autre code service que celui qui est choisi.", _BOTH_ARE_SEEN),
    Code("CPRO-ENGAGEMENT-DIFFERENT", About.REMARK, 200, "Le document porte un autre numéro d’engagement que celui qui est tapé.", _BOTH_ARE_SEEN),
    Code("CPRO-MARCHE-DIFFERENT", About.REMARK, 200, "Le document porte un autre numéro de marché que celui qui est tapé.", _BOTH_ARE_SEEN),
    Code("CPRO-DATE-DIFFERENTE", About.REMARK, 200, "Le document porte une autre date que celle qui est tapée.", _BOTH_ARE_SEEN),
    Code("CPRO-TYPE-DIFFERENT", About.REMARK, 200, "Le document est une facture et le formulaire dit un avoir, ou l’inverse.", _BOTH_ARE_SEEN),
    Code("CPRO-HT-DIFFERENT", About.REMARK, 200, "Le document porte un autre total HT que celui qui est tapé.", _BOTH_ARE_SEEN),
    Code("CPRO-TVA-DIFFERENTE", About.REMARK, 200, "Le document porte un autre montant de TVA que celui qui est tapé.", _BOTH_ARE_SEEN),
    Code("CPRO-TTC-DIFFERENT", About.REMARK, 200, "Le document porte un autre total TTC que celui qui est tapé.", _BOTH_ARE_SEEN),
    Code("CPRO-NET-DIFFERENT", About.REMARK, 200, "Le document porte un autre montant à payer que celui qui est tapé.", _BOTH_ARE_SEEN),
    Code("CPRO-DEVISE-DIFFERENTE", About.REMARK, 200, "Le document porte une autre monnaie que celle qui est tapée.", _BOTH_ARE_SEEN),
    Code("SAISIE-FORME", About.INVOICE, 422, "Ce qui est tapé n’est pas une valeur de cette sorte : un nombre, un montant, une date.", "Écrivez-le comme dans l’exemple."),
    Code("SAISIE-CARACTERE", About.INVOICE, 422, "Un caractère de ce qui est tapé n’a pas pu être lu.", "Effacez-le, puis tapez-le de nouveau."),
    Code("SAISIE-LIGNES-TROP", About.INVOICE, 422, "La facture a plus de 500 lignes.", "Mettez les dernières dans une autre facture, ou déposez un fichier."),
    Code("SAISIE-SANS-LIGNE", About.INVOICE, 422, "La facture n’a aucune ligne.", "Ajoutez au moins une ligne : ce que vous facturez, et son prix."),
    Code("SAISIE-ZERO", About.REMARK, 200, "La facture est de 0 €.", "Si ce n’est pas voulu, donnez un prix à ses lignes."),
    Code("SAISIE-ACOMPTE-DEDUIT", About.INVOICE, 422, "Un acompte choisi est déjà déduit d’une autre facture, ou n’est pas du même émetteur au même acheteur.", "Décochez-le : un acompte ne se retire qu’une fois."),
    Code("SAISIE-ACOMPTE-TAUX", About.INVOICE, 422, "Un acompte choisi n’a pas été fait ici, et ses totaux ne disent pas à quel taux de TVA.", "Décochez-le, et retirez-le par une ligne de quantité -1 pour chaque taux."),
    Code("SAISIE-DEJA-RECU", About.INVOICE, 422, "La somme déjà reçue est écrite avec un signe moins.", "Écrivez-la sans : elle est retirée du total."),
    Code("SAISIE-DEJA-RECU-DATE", About.INVOICE, 422, "Une somme est dite déjà reçue, sans le jour.", "Dites quel jour vous l’avez reçue."),
    Code("SAISIE-DEJA-RECU-TROP", About.INVOICE, 422, "La somme déjà reçue dépasse le total de la facture.", "Vérifiez ces deux montants."),
    Code("SAISIE-DEJA-RECU-TOUT", About.INVOICE, 422, "Tout le total est dit déjà reçu.", "Videz la case, et dites que la facture est déjà payée."),
    Code("SAISIE-LIGNE-NOM", About.INVOICE, 422, "Une ligne ne dit pas ce qui est facturé.", "Écrivez-le, par exemple « Rencontre avec une classe »."),
    Code("SAISIE-LIGNE-NOM-LONG", About.INVOICE, 422, "Ce qui est facturé compte trop de caractères pour le nom d’une ligne.", "Mettez le reste en description."),
    Code("SAISIE-LIGNE-QUANTITE", About.INVOICE, 422, "La quantité d’une ligne manque.", "Indiquez-la, 1 s’il n’y en a qu’une."),
    Code("SAISIE-LIGNE-PRIX", About.INVOICE, 422, "Le prix d’une ligne manque.", "Indiquez le prix d’une unité, hors taxes."),
    Code("SAISIE-LIGNE-TAUX", About.INVOICE, 422, "Le taux de TVA d’une ligne manque.", "Choisissez-le."),
    Code("SAISIE-LIGNE-TAUX-FAUX", About.INVOICE, 422, "Le taux de TVA d’une ligne n’est pas entre 0 et 100.", "Écrivez par exemple 20."),
    Code("SAISIE-LIGNE-SANS-MOTIF", About.INVOICE, 422, "Une ligne est au taux 0, et rien ne dit pourquoi.", "Choisissez le motif d’exonération."),
    Code("SAISIE-TAUX-INCONNU", About.REMARK, 200, "Le taux de TVA d’une ligne n’était en vigueur en France aucun des jours de la facture.", "Vérifiez-le : il reste tel qu’il est écrit."),
    Code("SAISIE-EXONERATION", About.INVOICE, 422, "La facture est exonérée de TVA et ne dit pas par quel article.", "Choisissez l’article : il doit figurer sur la facture."),
    Code("SAISIE-NUMERO-TVA", About.INVOICE, 422, "La TVA est facturée, et la fiche de l’émetteur n’a pas de numéro de TVA.", "Le gestionnaire de la structure l’ajoute dans « Modifier la fiche »."),
    Code("SAISIE-COMPTE", About.INVOICE, 422, "Le compte sur lequel être payé n’est pas choisi.", "Choisissez-le. S’il n’y en a pas encore, le gestionnaire de la structure l’ajoute dans sa fiche."),
    Code("SAISIE-COMPTE-INCONNU", About.INVOICE, 422, "Le compte choisi n’est pas sur la fiche de la structure.", "Choisissez-en un autre."),
    Code("SAISIE-PERIODE", About.INVOICE, 422, "La fin de la prestation vient avant son début.", "Vérifiez les deux dates."),
    Code("SAISIE-PERIODE-DEBUT", About.INVOICE, 422, "La fin de la prestation est donnée, et son début manque.", "Donnez aussi le début."),
    Code("SAISIE-REMISE", About.INVOICE, 422, "La remise est écrite avec un signe moins.", "Écrivez-la sans : elle est retirée du total."),
    Code("SAISIE-REMISE-TROP", About.INVOICE, 422, "La remise d’une ligne dépasse le montant de la ligne.", "Vérifiez-la."),
    Code("SAISIE-TOTAL-TROP", About.INVOICE, 422, "Le montant d’une ligne, ou un total, compte plus de 12 chiffres avant la virgule.", "Vérifiez les quantités et les prix."),
    Code("SAISIE-TOTAUX-DIFFERENTS", About.INVOICE, 422, "Un total que le programme a calculé n’est pas celui des lignes.", "Vérifiez les lignes et ce total. La TVA se calcule une fois par taux, sur la somme de ses lignes."),
    Code("SAISIE-REMISE-MOTIF", About.INVOICE, 422, "La remise n’est pas expliquée.", "Dites en quelques mots pourquoi vous la faites."),
    Code("SAISIE-VALIDEUR", About.INVOICE, 422, "Le SIRET de l’entreprise qui valide la facture manque.", "Indiquez-le."),
    Code("SAISIE-VALIDEUR-INCONNU", About.INVOICE, 422, "Aucune structure du portail n’a le SIRET de l’entreprise qui valide.", "Vérifiez-le auprès d’elle."),
    Code("SAISIE-VALIDEUR-INJOIGNABLE", About.INVOICE, 422, "Le valideur n’a ni membre ni adresse électronique sur ce portail : il ne saurait rien de la facture.", "Demandez-lui de s’y inscrire."),
    Code("SAISIE-VALIDEUR-ACHETEUR", About.INVOICE, 422, "Le valideur nommé est l’acheteur lui-même, qui reçoit la facture après lui.", "Indiquez le SIRET de l’entreprise qui valide avant l’acheteur."),
    Code("SAISIE-VALIDEUR-DEJA", About.INVOICE, 422, "L’entreprise nommée est déjà valideur de cette facture, ou vient de dire qu’elle ne l’est pas.", "Indiquez le SIRET d’une autre entreprise."),
    Code("SAISIE-VALIDEUR-SOI", About.INVOICE, 422, "La facture serait validée par son propre émetteur.", "Indiquez le SIRET de l’autre entreprise."),
    Code("SAISIE-TRAVAUX-ABSENT", About.INVOICE, 422, "Le SIRET du maître d’œuvre, ou du maître d’ouvrage, manque.", "Indiquez-le : c’est lui qui examine la pièce."),
    Code("SAISIE-TRAVAUX-INCONNU", About.INVOICE, 422, "Aucune structure du portail n’a le SIRET du maître d’œuvre, ou du maître d’ouvrage.", "Demandez-le-lui."),
    Code("SAISIE-TRAVAUX-INJOIGNABLE", About.INVOICE, 422, "Le maître d’œuvre, ou le maître d’ouvrage, n’a ni membre ni adresse électronique sur ce portail. Il ne saurait rien de la pièce.", "Demandez-lui de s’y inscrire."),
    Code("SAISIE-TRAVAUX-DEJA", About.INVOICE, 422, "La structure nommée vient de dire qu’elle n’est pas le maître d’œuvre, ou le maître d’ouvrage.", "Indiquez le SIRET d’une autre structure."),
    Code("SAISIE-TRAVAUX-SOI", About.INVOICE, 422, "Le titulaire se nomme lui-même maître d’œuvre, ou maître d’ouvrage.", "Indiquez le SIRET de qui l’est."),
    Code("SAISIE-TRAVAUX-MOA-SEULE", About.INVOICE, 422, "La structure nommée comme maître d’œuvre a déclaré n’être que maître d’ouvrage.", "Indiquez le SIRET du maître d’œuvre."),
    Code("SAISIE-TRAVAUX-AVOIR", About.INVOICE, 422, "Un avoir est demandé sur des travaux.", "Corrigez le montant dans le prochain projet de décompte."),
    Code("SAISIE-MOT-LONG", About.INVOICE, 422, "Le mot qui accompagne la facture est trop long.", "Raccourcissez-le."),
    Code("SAISIE-SANS-MANDAT", About.INVOICE, 422, "La structure n’a pas de mandat de facturation en cours.", "Son gestionnaire en souscrit un ; le brouillon attend."),

    # A document that is read
    Code("two_invoices", About.DOCUMENT, 200, "Le document semble contenir plusieurs factures.", "Faites un brouillon de chacune, ou déposez-les une par une."),
    Code("image_only", About.DOCUMENT, 200, "Le document est une image : il n’y a pas de texte à lire sans reconnaissance de caractères.", "Vérifiez chaque valeur proposée, ou déposez le PDF produit par le logiciel."),
    Code("picture_pages", About.DOCUMENT, 200, "Le document contient du texte, mais les pages qui comptent sont des images.", "Vérifiez chaque valeur proposée."),
    Code("recognised_pages", About.DOCUMENT, 200, "Le texte du document est celui qu’un scanner a reconnu : un caractère peut y être mal vu.", "Comparez chaque valeur avec la page, ou déposez le PDF produit par le logiciel."),
    Code("facturx_embedded", About.DOCUMENT, 200, "Le PDF contient aussi des données Factur-X.", "Il peut être envoyé comme facture électronique."),
    Code("damaged", About.DOCUMENT, 200, "Le PDF est abîmé ; il a pu être lu quand même.", "Produisez-le de nouveau avec votre logiciel."),
    Code("pages_unread", About.DOCUMENT, 200, "Des pages n’ont pas été lues : il y en avait trop, ou elles prenaient trop de temps.", "Vérifiez les valeurs qui s’y trouvent."),
    Code("formulas_unstored", About.DOCUMENT, 200, "Des formules du classeur sont enregistrées sans leur résultat.", "Ouvrez-le dans votre tableur, enregistrez-le, puis déposez-le de nouveau."),
    Code("table_of_invoices", About.DOCUMENT, 200, "Chaque rangée du classeur semble être une facture : il partirait comme une seule.", "Envoyez-le comme un lot : une facture sera faite de chaque rangée."),
    Code("hidden_sheets", About.DOCUMENT, 200, "Le classeur contient des feuilles masquées, que le destinataire pourra afficher.", "Si elles ne le regardent pas, supprimez-les."),

    # What was asked for and not done
    Code("not_a_colleague", About.REQUEST, 409, "La personne choisie ne peut pas traiter cette facture.", "Choisissez quelqu’un qui le peut, ou faites-lui donner ce droit par le gestionnaire."),
    Code("assigned_meanwhile", About.REQUEST, 409, "La facture a été attribuée à quelqu’un d’autre entre-temps.", _READ_AGAIN),
    Code("text_not_kept", About.REQUEST, 422, "Le texte ne peut pas être gardé : trop long, vide, déjà là, ou sans motif.", "Corrigez ce qui est indiqué à côté du champ."),
    Code("commitments_not_read", About.REQUEST, 422, "Le tableau des engagements a des lignes qui ne peuvent pas être prises : rien n’a changé.", "Corrigez les lignes indiquées, puis recommencez."),
    Code("comment_too_long", About.REQUEST, 422, "Le message dépasse 255 caractères une fois ses champs remplis.", "Raccourcissez-le, ou retirez-en un champ."),
    Code("step_not_used", About.REQUEST, 409, "L’organisme ne signale pas cette étape du traitement.", "Choisissez-en une autre, ou demandez au gestionnaire de la structure de la rétablir."),
    Code("status_has_changed", About.REQUEST, 409, "La facture a changé d’état : l’action demandée n’est plus possible.", _READ_AGAIN, retour=20002, key="GDP_MSG_11.033"),
    Code("deposit_deducted", About.REQUEST, 409, "Un acompte choisi vient d’être déduit d’une autre facture, ou refusé.", "Relisez la liste des acomptes : rien n’a été envoyé."),
    Code("proposal_has_changed", About.REQUEST, 409, "Le tableau a été regardé de nouveau depuis que la page a été montrée.", "Relisez ce qui partirait : rien n’est parti."),
    Code("proposal_of_another", About.REQUEST, 409, "Le tableau a été déposé par une autre personne, par le droit de laquelle ses factures partent.", "Déposez-le à votre tour."),
    Code("number_has_moved", About.REQUEST, 409, "Le numéro montré a servi entre-temps à une autre facture du même émetteur.", "Relisez la facture sous son nouveau numéro, puis envoyez-la : rien n’a été envoyé."),
    Code("draft_has_changed", About.REQUEST, 409, "Le brouillon n’est plus celui qui a été relu : il a été modifié entre-temps.", "Relisez-le, puis envoyez-le : rien n’a été envoyé."),
    Code("one_invoice_only", About.REQUEST, 409, "Le document ne contient qu’une facture, pour ce qui en a été lu : il n’y a rien à séparer.", "S’il en contient plusieurs, faites un fichier de chacune, puis déposez-les."),
    Code("draft_saved_elsewhere", About.REQUEST, 409, "Le brouillon a été enregistré ailleurs depuis qu’il a été ouvert.", "Choisissez quelle version garder : rien n’a été écrasé."),
    Code("works_too_early", About.REQUEST, 409, "Une pièce tacite est faite avant la fin du délai dans lequel les autres peuvent répondre.", "Attendez le jour indiqué, ou relancez-les."),
    Code("amount_not_possible", About.REQUEST, 422, "La somme admise n’est pas une partie du montant à payer.", "Donnez une somme plus grande que 0 et plus petite que le montant à payer."),
    Code("reason_missing", About.REQUEST, 422, "Aucun motif n’est choisi : le fournisseur doit savoir quoi corriger.", "Choisissez un motif."),
    Code("reason_unexplained", About.REQUEST, 422, "Le motif « Autre raison » n’est pas expliqué.", "Expliquez en une phrase ce qui ne va pas."),
    Code("answer_missing", About.REQUEST, 422, "La réponse à une suspension ne contient ni document ni phrase.", "Joignez le document demandé, ou écrivez une réponse."),
    Code("payment_not_noted", About.REQUEST, 422, "Le jour donné ne peut pas être celui où l’argent est arrivé, ou rien n’est à payer.", "Vérifiez le jour\u00a0: entre l’envoi de la facture et aujourd’hui."),
    Code("reminder_not_sent", About.REQUEST, 422, "Ce rappel ne peut pas partir : ce n’est pas son tour, il est vide ou trop long, ou personne ne le lirait.", "Relisez la page de la facture, puis le message."),
    Code("too_many_to_export", About.REQUEST, 413, "La liste compte plus de factures qu’un export n’en prend.", "Précisez la recherche, par exemple une année à la fois."),
    Code("too_much_to_prepare", About.REQUEST, 503, "Deux exports ou téléchargements groupés sont déjà en préparation.", "Attendez une minute, puis recommencez : rien n’est perdu."),
    Code("too_many_to_download", About.REQUEST, 413, "Plus de factures, ou de plus lourdes, sont demandées qu’un téléchargement n’en prend.", "Précisez la recherche, ou choisissez moins de factures."),
    Code("no_pivot", About.REQUEST, 422, "Une facture n’a pas de pivot. Elle n’est pas envoyée, ou il lui manque ce que ce format demande.", "Demandez son PDF."),
    Code("nothing_to_download", About.REQUEST, 422, "Aucune facture n’est choisie.", "Choisissez des factures dans la liste, puis recommencez."),
    Code("payment_refused", About.REQUEST, 422, "La facture n’a pas pu être payée ce jour-là.", "Corrigez la date du paiement, puis recommencez."),
    Code("nothing_owed", About.REQUEST, 409, "Rien n’est dû pour un retard de paiement, ou le montant n’est pas encore sûr.", "Attendez le paiement, ou le taux d’intérêt de la période."),
    Code("would_be_refused", About.REQUEST, 422, "La facture serait refusée : elle n’a pas été envoyée.", "Corrigez tout ce qui est indiqué, puis envoyez-la."),
    Code("mandate_missing", About.REQUEST, 409, "La structure n’a pas donné de mandat de facturation : ses factures ne peuvent pas être saisies ici.", "Son gestionnaire souscrit le mandat, ou déposez une facture déjà faite."),
    Code("mandate_name_missing", About.REQUEST, 422, "Le mandat n’a pas de nom.", "Donnez-lui un nom, par exemple « Factures de l’atelier »."),
    Code("mandate_name_too_long", About.REQUEST, 422, "Le nom du mandat est trop long.", "Raccourcissez-le."),
    Code("not_reissuable", About.REQUEST, 409, "Cette facture ne peut pas être recommencée de cette manière.", "Commencez une nouvelle facture."),
    Code("piece_gone", About.REQUEST, 422, "La pièce gardée a été retirée, ou n’est plus à la portée de la personne.", "Joignez le fichier lui-même."),
    Code("piece_removed", About.REQUEST, 409, "La pièce gardée a été retirée entre-temps.", "Ajoutez-la de nouveau."),
    Code("piece_of_others", About.REQUEST, 403, "Seuls le gestionnaire de la structure et la personne qui a ajouté la pièce peuvent la changer.", "Demandez-le-leur."),
    Code("piece_name_taken", About.REQUEST, 409, "Une pièce gardée porte déjà ce nom.", "Donnez un autre nom à celle-ci, ou remplacez l’autre."),
    Code("piece_type_missing", About.REQUEST, 422, "Il n’est pas dit quel document c’est.", "Choisissez dans la liste."),
    Code("piece_dates_reversed", About.REQUEST, 422, "La pièce finirait de valoir avant d’avoir commencé.", "Corrigez l’une des deux dates."),
    Code("shelf_full", About.REQUEST, 422, "Il y a déjà trop de pièces à cet endroit.", "Retirez celles qui ne servent plus, puis ajoutez."),
    Code("logo_refused", About.REQUEST, 422, "Le logo ne peut pas être imprimé.", "Choisissez une image PNG ou JPEG plus petite."),
    Code("colour_refused", About.REQUEST, 422, "La couleur ne peut pas être imprimée.", "Écrivez-la sous la forme #rrggbb."),
    Code("quota_bytes", About.REQUEST, 413, "La personne, ou la structure, a déposé en trente jours autant que ce portail en prend.", "Allégez les documents, attendez quelques jours, ou écrivez à qui tient le portail."),
    Code("quota_flows", About.REQUEST, 429, "La personne, ou la structure, a envoyé en vingt-quatre heures autant de flux que ce portail en prend.", "Regroupez vos factures dans moins de flux, ou recommencez demain."),
    Code("quota_drafts", About.REQUEST, 409, "Il y a autant de brouillons que ce portail en garde pour une personne ou une structure.", "Envoyez ou supprimez ceux qui ne servent plus."),
    Code("file_too_heavy", About.REQUEST, 413, "Le fichier pèse plus que ce qui est accepté.", "Réduisez-le, ou coupez-le en plusieurs fichiers.", retour=20003),
    Code("files_too_heavy", About.REQUEST, 413, "La facture et ses pièces jointes pèsent ensemble plus que ce qui est accepté.", "Retirez une pièce."),
    Code("file_name_too_long", About.REQUEST, 422, "Le nom du fichier est trop long, extension comprise.", "Renommez-le plus court."),
    Code("file_without_extension", About.REQUEST, 422, "Le nom du fichier ne montre pas d’extension.", "Ajoutez celle du fichier, par exemple « .pdf »."),
    Code("file_extension_refused", About.REQUEST, 415, "Les fichiers de cette extension ne sont pas acceptés.", "Enregistrez le document en PDF."),
    Code("file_name_taken", About.REQUEST, 409, "Un autre document joint porte déjà ce nom.", "Renommez celui-ci, ou retirez l’autre d’abord."),
    Code("file_not_what_it_says", About.REQUEST, 415, "Le contenu du fichier n’est pas ce que son nom promet, ou n’est pas un document qui se dépose.", "Renommez-le, ou enregistrez le document en PDF."),
    Code("not_the_manager", About.REQUEST, 403, "Seul le gestionnaire de la structure peut le faire.", "Demandez-le au gestionnaire."),
    Code("not_allowed", About.REQUEST, 403, "La personne n’a pas, ou plus, le droit de faire cela.", "Demandez-le au gestionnaire de la structure.", retour=20001, key="GDP_MSG_11.005"),
    Code("already_attached", About.REQUEST, 409, "La personne est déjà rattachée à cette structure.", "Il n’y a rien à demander."),
    Code("already_asked", About.REQUEST, 409, "Une demande de rattachement attend déjà sa réponse.", "Attendez le courriel qui la donnera."),
    Code("structure_closed", About.REQUEST, 409, "La structure n’est plus active sur ce portail.", "Vérifiez le SIRET, ou utilisez celui du nouvel établissement."),
    Code("already_decided", About.REQUEST, 409, "La demande de rattachement a déjà reçu une réponse.", "Il n’y a plus rien à faire."),
    Code("attachment_has_changed", About.REQUEST, 409, "Le rattachement ou l’invitation a changé entre-temps.", "Rechargez la page, puis recommencez si besoin."),
    Code("already_invited", About.REQUEST, 409, "Cette adresse a déjà une invitation qui attend sa réponse.", "Retirez-la d’abord, ou attendez la réponse."),
    Code("last_to_hear", About.REQUEST, 409, "Quelqu’un doit être prévenu des factures qu’un organisme public reçoit.", "Donnez une adresse à la structure, sur sa fiche, ou choisissez une liste."),
    Code("notices_not_followed", About.REQUEST, 409, "Vous ne suivez plus ces factures.", _READ_AGAIN),
    Code("ticket_without_invoice", About.REQUEST, 422, "Un organisme public ne reçoit de sollicitation que sur une facture qui lui a été envoyée.", "Ouvrez la facture, puis signalez le problème de là."),
    Code("ticket_without_words", About.REQUEST, 422, "La sollicitation ne dit rien.", "Écrivez ce que vous demandez."),
    Code("ticket_too_long", About.REQUEST, 422, "Le message d’une sollicitation est trop long.", "Mettez le reste dans un document joint."),
    Code("ticket_too_many_files", About.REQUEST, 422, "Trop de documents accompagnent un message.", "Envoyez les autres dans un second message."),
    Code("ticket_has_changed", About.REQUEST, 409, "La sollicitation a changé entre-temps.", _READ_AGAIN),
    Code("manager_stays", About.REQUEST, 409, "Une structure ne reste jamais sans gestionnaire principal.", "Transmettez d’abord la gestion à quelqu’un d’autre."),
    Code("not_the_main_manager", About.REQUEST, 403, "Seul le gestionnaire principal peut transmettre la gestion.", "Demandez-le-lui."),
    Code("nothing_opened", About.REQUEST, 422, "Rien n’est choisi de ce que la personne pourra faire.", "Choisissez au moins une ligne."),
    Code("wrong_service", About.REQUEST, 422, "Le service n’est pas de cette structure.", "Choisissez-en un de la liste."),
    Code("space_not_used", About.REQUEST, 422, "La structure n’utilise pas cet espace, ou il ne se demande pas.", "Parlez-en au gestionnaire de la structure."),
    Code("space_already_open", About.REQUEST, 409, "L’espace est déjà ouvert à cette personne.", "Il n’y a rien à demander."),
    Code("space_already_asked", About.REQUEST, 409, "La même demande d’espace attend déjà sa réponse.", "Attendez le courriel qui la donnera."),
    Code("space_request_has_changed", About.REQUEST, 409, "La demande d’espace n’attend plus de réponse.", "Il n’y a plus rien à faire."),
    Code("delegation_dates", About.REQUEST, 422, "Les dates de la délégation ne vont pas ensemble, ou sont passées.", "Choisissez un dernier jour qui n’est ni passé, ni avant le premier."),
    Code("delegation_to_itself", About.REQUEST, 422, "Une structure ne se donne pas de délégation à elle-même.", "Écrivez le SIRET de l’autre structure."),
    Code("delegation_never_manages", About.REQUEST, 422, "Une délégation ne permet jamais de gérer la structure.", "Choisissez autre chose, ou rattachez la personne."),
    Code("delegate_unknown", About.REQUEST, 404, "Aucune structure active de ce portail n’a le SIRET à qui déléguer.", "Vérifiez le SIRET, ou demandez à cette structure de créer sa fiche."),
    Code("already_delegated", About.REQUEST, 409, "La même structure a déjà une délégation qui n’est pas finie.", "Changez celle-là."),
    Code("delegation_already_asked", About.REQUEST, 409, "La même demande de délégation attend déjà sa réponse.", "Attendez le courriel qui la donnera."),
    Code("delegation_has_changed", About.REQUEST, 409, "La délégation, ou sa demande, a changé entre-temps.", "Rechargez la page, puis recommencez si besoin."),
    Code("technical_name_taken", About.REQUEST, 409, "Un compte technique de la structure porte déjà ce nom.", "Donnez un autre nom."),
    Code("technical_too_many", About.REQUEST, 409, "La structure a autant de comptes techniques qu’il est possible.", "Mettez fin à ceux qui ne servent plus."),
    Code("technical_never_manages", About.REQUEST, 422, "Un logiciel ne gère jamais une structure.", "Choisissez autre chose."),
    Code("technical_two_passwords", About.REQUEST, 409, "Le compte technique a déjà deux mots de passe.", "Retirez celui que plus aucun logiciel n’utilise."),
    Code("application_name_taken", About.REQUEST, 409, "Une application de la structure porte déjà ce nom.", "Donnez un autre nom."),
    Code("application_too_many", About.REQUEST, 409, "La structure a autant d’applications qu’il est possible.", "Mettez fin à celles qui ne servent plus."),
    Code("application_two_secrets", About.REQUEST, 409, "L’application a déjà deux secrets.", "Retirez celui que plus aucun logiciel n’utilise."),
    Code("application_has_changed", About.REQUEST, 409, "L’application, ou son secret, ne sert plus, ou la structure est fermée.", "Rechargez la page, puis recommencez si besoin."),
    Code("wire_value_missing", About.REQUEST, 422, "La requête d’un programme ne donne pas une valeur nécessaire.", "Ajoutez-la à la requête.", retour=20001),
    Code("call_key_taken", About.REQUEST, 422, "L’en-tête Idempotency-Key a déjà servi à une autre requête du programme.", "Donnez une nouvelle clé à chaque envoi. La même clé sert à répéter le même envoi.", retour=20001),
    Code("wire_not_base64", About.REQUEST, 422, "Le fichier envoyé par un programme n’est pas du base64 bien formé.", "Encodez les octets du fichier en base64, sans rien autour.", retour=20001, key="GDP_MSG_01.001"),
    Code("wire_flow_unknown", About.REQUEST, 404, "Aucun flux à la portée du programme n’a ce numéro.", "Vérifiez le numéro, et le compte technique.", retour=20001, key="POQ_MSG_01.003"),
    Code("wire_invoice_unknown", About.REQUEST, 404, "Aucune facture à la portée du programme n’a cet identifiant.", "Vérifiez l’identifiant, et le compte technique.", key="GDP_MSG_11.008"),
    Code("wire_not_converted", About.REQUEST, 422, "Le fichier n’est pas une facture, ou il lui manque ce que l’autre format exige.", "Complétez la facture comme la phrase le dit, ou choisissez un autre format.", retour=20001),
    Code("wire_nothing_found", About.REQUEST, 404, "La recherche ne trouve rien.", "Élargissez la recherche, ou vérifiez ce que le compte technique peut voir.", key="TRA_MSG_00.015"),
    Code("wire_search_too_wide", About.REQUEST, 422, "La recherche d’un programme compare avec trop de valeurs à la fois.", "Répartissez les valeurs entre plusieurs recherches.", retour=20001),
    Code("wire_structure_unknown", About.REQUEST, 404, "Aucune structure, ou aucun service, que le programme peut voir n’a cet identifiant.", "Cherchez la structure par son SIRET, puis prenez son identifiant.", retour=20001),
    Code("wire_file_unknown", About.REQUEST, 404, "Aucune pièce jointe ajoutée par ce programme n’a cet identifiant.", "Ajoutez le fichier de nouveau (ajouter/fichier). Il est gardé trente jours.", retour=20001),
    Code("webhook_address", About.REQUEST, 422, "Le portail n’écrit jamais à une telle adresse.", "Donnez une adresse publique en https, avec un nom."),
    Code("webhook_too_many", About.REQUEST, 409, "La structure prévient autant de logiciels qu’il est possible.", "Arrêtez celui qui ne sert plus."),
    Code("webhook_has_ended", About.REQUEST, 409, "Le logiciel n’était déjà plus prévenu.", "Rechargez la page."),
    Code("technical_has_changed", About.REQUEST, 409, "Le compte technique, ou son mot de passe, ne sert plus, ou la structure est fermée.", "Rechargez la page, puis recommencez si besoin."),
    Code("search_not_kept", About.REQUEST, 422, "La recherche n’a pas de nom, ou porte celui d’une autre, ou il y en a autant qu’il est possible.", "Donnez un autre nom, ou retirez une recherche qui ne sert plus."),
    Code("pin_too_many", About.REQUEST, 409, "L’accueil a autant de raccourcis qu’il est possible.", "Retirez-en un, puis recommencez."),
    Code("wrong_service_code", About.REQUEST, 422, "Le code donné au service ne peut pas servir.", "Choisissez-en un autre, que nul service n’a et que nulle facture ne nomme."),
    Code("service_needed", About.REQUEST, 422, "La structure demande un service sur chaque facture et n’en aurait plus d’ouvert.", "Ouvrez un service, ou ne demandez plus de service."),
    Code("cannot_close", About.REQUEST, 409, "La structure ne peut pas être fermée ou rouverte par cette personne, ou l’est déjà.", "Relisez sa fiche, ou écrivez à la personne qui tient le portail."),
    Code("siret_not_possible", About.REQUEST, 422, "Le nouveau SIRET est celui d’une autre structure ou d’une autre entreprise, ou la structure n’est plus ouverte.", "Vérifiez le SIRET ; une autre entreprise s’ajoute comme une nouvelle structure."),
    Code("cannot_appoint", About.REQUEST, 422, "La personne ou la structure à désigner n’existe pas, ou ne peut pas servir.", "Vérifiez l’adresse de la personne et le SIRET."),
    Code("duplicate_bank_account", About.REQUEST, 422, "La structure a déjà un compte ouvert avec cet IBAN.", "Utilisez ce compte, ou écrivez un autre IBAN."),
    Code("bank_account_closed", About.REQUEST, 409, "Le compte bancaire a déjà été retiré.", "Choisissez un autre compte."),
    Code("bank_account_waits_no_more", About.REQUEST, 409, "Le compte bancaire n’attend plus d’être confirmé.", "Regardez la fiche de la structure : il a été confirmé, refusé ou abandonné."),
    Code("not_the_second_person", About.REQUEST, 403, "La personne qui a ajouté un compte bancaire ne le confirme pas elle-même.", "Demandez à un ou une collègue qui envoie les factures."),
    Code("attached_too_lately", About.REQUEST, 403, "La personne est rattachée depuis moins de 72 heures : elle ne confirme pas encore de compte bancaire.", "Demandez à quelqu’un de plus ancien, ou attendez."),
    Code("link_unknown", About.REQUEST, 404, "Le lien d’activation n’est pas un de ceux que le portail a envoyés.", "Vérifiez que l’adresse est entière, ou demandez un nouveau lien."),
    Code("link_expired", About.REQUEST, 410, "Le lien d’activation a servi trop tard : il n’ouvre plus le compte.", "Demandez un nouveau lien."),
    Code("link_used", About.REQUEST, 410, "Le lien d’activation a déjà ouvert le compte.", "Connectez-vous, ou choisissez un nouveau mot de passe."),
    Code("address_link_useless", About.REQUEST, 410, "Le lien ne confirme plus d’adresse : il a servi, il est trop ancien, ou une autre adresse a été demandée depuis.", "Faites envoyer un autre lien depuis « Mon compte » ou la fiche de la structure."),
    Code("return_link_useless", About.REQUEST, 410, "Le lien ne rouvre plus de compte : il a servi, ou il est trop ancien.", "Essayez de vous connecter : un autre lien est envoyé."),
    Code("link_superseded", About.REQUEST, 410, "Un lien d’activation plus récent a été envoyé.", "Ouvrez le dernier message reçu."),
    Code("weak_password", About.REQUEST, 422, "Le mot de passe ne suit pas les règles.", "Choisissez-en un plus long, qui ne soit ni courant ni tiré de votre nom."),
    Code("address_taken", About.REQUEST, 409, "Cette adresse a déjà un compte.", "Choisissez une autre adresse."),
    Code("identity_taken", About.REQUEST, 409, "L’identité donnée par l’autre service ouvre déjà un autre compte.", "Connectez-vous à ce compte, ou retirez-la là-bas d’abord."),
    Code("only_way_in", About.REQUEST, 409, "L’identité à retirer est le seul moyen d’entrer dans ce compte.", "Choisissez d’abord un mot de passe."),
    Code("identity_not_asked_here", About.REQUEST, 403, "La connexion par un autre service n’a pas été commencée dans ce navigateur, ou il y a trop longtemps.", "Recommencez depuis la page « Se connecter »."),
    Code("identity_not_believed", About.REQUEST, 403, "La réponse de l’autre service n’est pas celle qui était attendue.", "Recommencez. Si cela se répète, connectez-vous avec votre mot de passe."),
    Code("identity_without_address", About.REQUEST, 403, "L’autre service n’a pas donné d’adresse électronique.", "Faites-la ajouter là-bas, ou créez un compte ici."),
    Code("no_such_account", About.REQUEST, 404, "Aucun compte n’a cette adresse.", "Vérifiez l’adresse de connexion de la personne."),
    Code("wrong_account_state", About.REQUEST, 409, "L’état du compte ne permet pas ce qui est demandé.", "Regardez d’abord s’il est ouvert, fermé ou à activer."),
    Code("cannot_correct", About.REQUEST, 422, "La structure à corriger n’existe pas, ou le nom donné ne peut pas servir.", "Vérifiez le SIRET et le nom."),
    Code("message_not_unsent", About.REQUEST, 409, "Le message est déjà parti, ou n’existe pas.", "Regardez la liste des messages qui ne sont pas partis."),
    Code("backup_unusable", About.REQUEST, 422, "La sauvegarde ne peut pas être prise, lue ou restaurée.", "Suivez ce que dit la phrase, ou prenez une autre sauvegarde."),
    Code("restore_place_full", About.REQUEST, 409, "L’endroit où restaurer n’est pas vide : rien n’a été restauré.", "Indiquez une base et un dossier vides."),
    Code("too_many_orphans", About.REQUEST, 409, "Il y a plus de fichiers orphelins que de documents : la base n’est peut-être pas la bonne.", "Vérifiez DATABASE_URL et PLAINCHANT_DATA."),
    Code("password_changed_meanwhile", About.REQUEST, 409, "Le mot de passe vient d’être changé ailleurs.", "Connectez-vous avec le nouveau, ou demandez un autre lien."),
    Code("directory_file_unreadable", About.REQUEST, 422, "Le fichier de l’annuaire ne peut pas être lu ; rien n’a été importé.", "Téléchargez-le de nouveau, puis recommencez."),

    # A file that the reader could not read
    Code("file_timeout", About.REQUEST, 422, "La lecture du fichier prend trop de temps : elle a été arrêtée.", "Imprimez-le dans un nouveau PDF, puis déposez celui-ci."),
    Code("file_crashed", About.REQUEST, 422, "Le fichier n’a pas pu être lu jusqu’au bout.", "Imprimez-le dans un nouveau PDF, puis déposez celui-ci."),
    Code("file_too_large", About.REQUEST, 413, "Le fichier contient des pages ou des images trop grandes.", "Enregistrez-en une copie en qualité ordinaire."),
    Code("file_unreadable", About.REQUEST, 422, "Le fichier est abîmé ou incomplet.", "Enregistrez-le de nouveau depuis votre logiciel, puis déposez-le."),
    Code("file_password", About.REQUEST, 422, "Le fichier est protégé par un mot de passe.", "Enregistrez-en une copie sans mot de passe."),
    Code("file_not_a_pdf", About.REQUEST, 415, "Le fichier porte le nom d’un PDF, et n’en est pas un.", "Enregistrez-le au format PDF, puis déposez-le."),
    Code("file_not_a_spreadsheet", About.REQUEST, 415, "Le fichier n’est pas un classeur que le portail sait lire.", "Enregistrez-le au format .xlsx, puis déposez-le."),
    Code("file_no_invoice", About.REQUEST, 422, "Aucune facture n’est jointe au courriel.", "Déposez le fichier de la facture, un PDF par exemple."),
    Code("file_several", About.REQUEST, 422, "Plusieurs fichiers joints au courriel peuvent être la facture.", "Enregistrez-les, puis déposez-les."),
    Code("file_not_a_picture", About.REQUEST, 415, "Le fichier n’est pas une image que nous savons lire.", "Enregistrez-la au format JPEG ou PNG."),
    Code("file_blank", About.REQUEST, 422, "On ne voit rien sur l’image.", "Choisissez-en une autre."),
    Code("file_empty", About.REQUEST, 422, "Le fichier est vide.", "Vérifiez qu’il s’ouvre sur votre ordinateur, puis déposez-le de nouveau."),
    Code("file_too_many_pages", About.REQUEST, 413, "Le fichier PDF compte trop de pages.", "Ne gardez que la facture, et joignez le reste en pièces jointes."),
    Code("file_no_such_page", About.REQUEST, 404, "Cette page n’existe pas dans le fichier.", "Revenez à la première page."),
    Code("file_not_drawn", About.REQUEST, 503, "La page n’a pas pu être dessinée.", "Recommencez dans une minute. Si la facture a beaucoup de lignes, répartissez-les sur plusieurs factures."),
    Code("file_busy", About.REQUEST, 503, "Beaucoup de factures sont lues en ce moment.", "Attendez une minute, puis recommencez : rien n’est perdu."),
)
# fmt: on


def _by_code() -> dict[str, Code]:
    rows: dict[str, Code] = {}
    for row in CODES:
        if rows.setdefault(row.code, row) is not row:
            raise ValueError(f"{row.code} stands twice in its table")
    return rows


CODE_OF = _by_code()
_BY_NAME = {row.code.upper(): row for row in CODES}


def make_finding(code: str, message: str, field: str | None = None) -> Finding:
    """A finding of the portal's, which stops the sending unless its row is only a remark.

    ``code`` may be a rule of the engine that is broken before there is a file to check. KeyError for an unknown one.
    """
    row = CODE_OF.get(code)
    if row is not None:
        return Finding(code, message, field, "warning" if row.about in (About.NOTICE, About.REMARK) else "fatal")
    from plainchant.einvoice.books import find

    rule = find(code)
    if rule is None:
        raise KeyError(code)
    return Finding(code, message, field, rule[1].severity)


def explain(code: str) -> tuple[Explanation, ...]:
    """Any code that may be met, in plain words and in any case: a row of the portal, or what the engine explains.

    Several for an official number that stands for several rules, none for an unknown code.
    """
    row = _BY_NAME.get(code.strip().upper())
    if row is None:
        return explain_rule(code)
    return (Explanation(row.code, row.meaning, row.mend, (f"Portail\u00a0: {row.about.value}, HTTP {row.http}.",)),)
