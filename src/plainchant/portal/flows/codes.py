"""What a flow's report says, as one table: each code of ours, what it means, how to mend it.

Chorus Pro's own list of messages is not public. The whole flow's codes are those that the reform publishes for files it
cannot take (IRR_…, XP Z12-012); what is ours begins with FLUX-, TABLEAU- or, for the directory's demands, ANNUAIRE-. The
rules of the engine (CPRO-, XSD, BR-…) have their own page, docs/rules.md. `docs/flow-report.md` is printed from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Row = dict[str, object]  # a finding as a result keeps it: {"rule", "message", "field", "line", "path"}


class About(StrEnum):
    """What a code is about; the value is the natureErreur of a whole flow's error."""

    FLOW = "IRRECEVABILITE"
    INCIDENT = "INCIDENT"
    NOTICE = "AVERTISSEMENT"
    INVOICE = "FACTURE"


@dataclass(frozen=True, slots=True)
class Code:
    code: str
    about: About
    means: str
    mend: str


_SEND_ALONE = "Corrigez la facture, puis renvoyez-la seule : son numéro n’a pas été consommé."
_CELL = "Corrigez la case indiquée, puis renvoyez le tableau : les lignes déjà prises ne sont pas reprises."

# fmt: off
CODES: tuple[Code, ...] = (
    Code("IRR_VIDE_F", About.FLOW, "Le fichier est vide, ou ne contient aucune facture.", "Choisissez le fichier qui contient vos factures."),
    Code("IRR_TYPE_F", About.FLOW, "Rien dans le fichier n’est une facture que le portail sait lire.", "Envoyez de l’UBL, du CII, du Factur-X, une archive de ceux-ci, ou le tableau de factures rempli."),
    Code("IRR_SYNTAX", About.FLOW, "L’archive est abîmée, protégée par un mot de passe, ou d’un format inconnu.", "Créez l’archive de nouveau, en .zip ou .tar.gz, sans mot de passe."),
    Code("IRR_TAILLE_F", About.FLOW, "Le flux dépasse 500 factures ou 1 Go, une facture 120 Mo, ou un fichier ce que l’antivirus analyse.", "Répartissez les factures en plusieurs envois, ou allégez les pièces jointes."),
    Code("IRR_NOM_F", About.FLOW, "Un flux de ce nom a déjà été envoyé.", "Changez la séquence à la fin du nom."),
    Code("IRR_ANTIVIRUS", About.FLOW, "L’antivirus a reconnu un programme malveillant.", "Faites analyser l’ordinateur d’où vient le fichier, puis produisez-le à nouveau."),
    Code("ANTIVIRUS_INDISPONIBLE", About.INCIDENT, "L’antivirus du portail ne répond pas ; rien n’est pris sans lui.", "Réessayez dans quelques minutes. Un flux déjà reçu attend et reprend seul."),
    Code("FLUX-ABANDON", About.INCIDENT, "Trop de fichiers du flux n’ont pas pu être lus : la suite n’a pas été traitée.", "Vérifiez l’archive, puis envoyez de nouveau ce qui manque."),
    Code("FLUX-SYNTAXE-ANNONCEE", About.NOTICE, "Le format annoncé n’est pas celui du contenu ; c’est le contenu qui a été suivi.", "Annoncez le format réel la prochaine fois. Il n’y a rien à renvoyer."),
    Code("FLUX-FOURNISSEUR", About.INVOICE, "L’émetteur n’est pas une structure à laquelle l’expéditeur est rattaché.", "Demandez le rattachement à sa fiche, ou corrigez le SIRET de l’émetteur."),
    Code("CPRO-FOURNISSEUR-INACTIF", About.INVOICE, "La structure de l’émetteur est inactive.", "Faites-la réactiver, ou facturez au nom d’une autre."),
    Code("CPRO-ANNUAIRE", About.INVOICE, "Aucun destinataire de l’annuaire n’a ce SIRET.", "Cherchez le destinataire dans l’annuaire, ou demandez son SIRET au client."),
    Code("CPRO-SOI-MEME", About.INVOICE, "Le destinataire est l’émetteur lui-même.", "Indiquez le SIRET de qui doit payer."),
    Code("CPRO-G2.07", About.INVOICE, "L’émetteur a déjà utilisé ce numéro pour une autre facture.", "Donnez un autre numéro à la facture."),
    Code("FLUX-DEJA-PRISE", About.NOTICE, "La même facture, octet pour octet, avait déjà été prise.", "Il n’y a rien à faire : elle n’existe qu’une fois."),
    Code("ANNUAIRE-DESTINATAIRE-INACTIF", About.INVOICE, "Le destinataire ne reçoit plus de factures.", "Demandez-lui le SIRET qui l’a remplacé."),
    Code("ANNUAIRE-SERVICE-ABSENT", About.INVOICE, "Le destinataire demande un service, et il manque.", "Demandez le code service à la personne qui a commandé."),
    Code("ANNUAIRE-SERVICE-INCONNU", About.INVOICE, "Le destinataire n’a pas de service de ce code.", "Choisissez-en un sur sa fiche de l’annuaire."),
    Code("ANNUAIRE-SERVICE-INACTIF", About.INVOICE, "Le service est fermé.", "Choisissez-en un autre sur la fiche du destinataire."),
    Code("ANNUAIRE-SERVICE-RESERVE", About.INVOICE, "Le service est réservé aux factures entre structures publiques.", "Choisissez-en un autre sur la fiche du destinataire."),
    Code("ANNUAIRE-ENGAGEMENT-ABSENT", About.INVOICE, "Le destinataire demande un numéro d’engagement, et il manque.", "Il est sur le bon de commande ; sinon demandez-le à la personne qui a commandé."),
    Code("ANNUAIRE-ENGAGEMENT-LONG", About.INVOICE, "Le numéro d’engagement est trop long.", "Recopiez seulement le numéro qui est sur la commande."),
    Code("ANNUAIRE-SERVICE-OU-ENGAGEMENT", About.INVOICE, "Le destinataire demande un service ou un numéro d’engagement, et les deux manquent.", "Donnez l’un des deux."),
    Code("FLUX-ILLISIBLE", About.INVOICE, "Ce fichier n’a pas pu être lu jusqu’au bout.", "Produisez-le à nouveau avec votre logiciel, puis envoyez-le seul."),
    Code("FLUX-VALEUR", About.INVOICE, "Une valeur est trop longue ou n’a pas la forme prévue.", _SEND_ALONE),
    Code("FLUX-SUITE", About.INVOICE, "Le même fichier a d’autres défauts, plus nombreux qu’un compte rendu n’en peut garder.", "Corrigez les premiers : les autres ont souvent la même cause."),
    Code("TABLEAU-CASE-VIDE", About.INVOICE, "Une case obligatoire du tableau est vide.", _CELL),
    Code("TABLEAU-SIRET", About.INVOICE, "Une case ne contient pas un SIRET de 14 chiffres.", _CELL),
    Code("TABLEAU-DATE", About.INVOICE, "Une case ne contient pas une date.", _CELL),
    Code("TABLEAU-NOMBRE", About.INVOICE, "Une case ne contient pas un nombre, ou pas de cette taille.", _CELL),
    Code("TABLEAU-TVA", About.INVOICE, "La case de TVA n’est ni un taux en vigueur, ni une raison de ne pas en facturer.", _CELL),
    Code("TABLEAU-CHOIX", About.INVOICE, "La case contient autre chose que les choix possibles.", _CELL),
    Code("TABLEAU-IBAN", About.INVOICE, "La case ne contient pas un IBAN juste.", _CELL),
    Code("TABLEAU-COMPTE", About.INVOICE, "L’IBAN manque et la structure a plusieurs comptes, ou l’IBAN n’est pas sur sa fiche.", "Écrivez l’IBAN d’un de ses comptes, ou ajoutez d’abord le compte à sa fiche."),
    Code("TABLEAU-LONG", About.INVOICE, "Le texte d’une case est trop long.", _CELL),
    Code("TABLEAU-FORMULE", About.INVOICE, "La case est une formule dont le résultat n’est pas enregistré.", "Ouvrez le tableau dans votre tableur, enregistrez-le, puis renvoyez-le."),
)
# fmt: on
CODE_OF = {row.code: row for row in CODES}

# Rules of the engine, by how their code begins.
_FAMILIES = (
    ("XML-", "Produisez le fichier à nouveau avec votre logiciel : celui-ci est abîmé."),
    ("XSD", "La structure du fichier est fausse : c’est à l’éditeur du logiciel de la corriger."),
    ("", _SEND_ALONE),
)


def row(code: str, message: str, field: str | None = None, *, path: str = "") -> Row:
    """A finding of ours. KeyError for a code that the table has not."""
    return {"rule": CODE_OF[code].code, "message": message, "field": field or "", "line": None, "path": path}


def mend_of(code: str) -> str:
    """What to do about a code, ours or the engine's."""
    if code in CODE_OF:
        return CODE_OF[code].mend
    return next(mend for beginning, mend in _FAMILIES if code.startswith(beginning))


def nature_of(code: str) -> str:
    """natureErreur of a whole flow's code."""
    return CODE_OF[code].about.value if code in CODE_OF else About.INCIDENT.value
