"""Why a file could not be read, and what to tell the person who handed it in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from plainchant.einvoice.finding import Finding


class FailureReason(StrEnum):
    """Why a file could not be read."""

    TIMEOUT = "timeout"
    CRASHED = "crashed"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    PASSWORD = "password"  # noqa: S105
    NOT_A_PDF = "not_a_pdf"
    NOT_A_WORKBOOK = "not_a_spreadsheet"
    NOT_A_PICTURE = "not_a_picture"
    BLANK = "blank"
    EMPTY = "empty"
    TOO_MANY_PAGES = "too_many_pages"
    NO_SUCH_PAGE = "no_such_page"
    NO_INVOICE = "no_invoice"  # in a mail
    SEVERAL = "several"
    BUSY = "busy"
    NOT_DRAWN = "not_drawn"  # a page of our own


_PRINT_AGAIN = (
    "Ouvrez-le, imprimez-le dans un nouveau PDF (« Imprimer », puis « Enregistrer au format PDF »), "
    "et déposez celui-ci."
)

_ALONE = "Copiez la facture seule dans un nouveau classeur, puis déposez-le."
_SMALLER = "Reprenez la photo en qualité ordinaire, ou numérisez la facture au format PDF, puis déposez-la de nouveau."

SENTENCES: dict[FailureReason, str] = {
    FailureReason.TIMEOUT: f"La lecture de ce fichier PDF prend trop de temps : nous l’avons arrêtée. {_PRINT_AGAIN}",
    FailureReason.CRASHED: f"Nous n’avons pas réussi à lire ce fichier PDF jusqu’au bout. {_PRINT_AGAIN}",
    FailureReason.TOO_LARGE: "Ce fichier PDF contient des pages ou des images trop grandes. "
    "Enregistrez-en une copie au format A4, en qualité ordinaire, puis déposez-la.",
    FailureReason.UNREADABLE: "Ce fichier PDF est abîmé ou incomplet. "
    "Enregistrez de nouveau la facture depuis votre logiciel, ou téléchargez-la de nouveau, puis déposez-la.",
    FailureReason.PASSWORD: "Ce fichier PDF est protégé par un mot de passe. "
    "Enregistrez-en une copie sans mot de passe, puis déposez-la.",
    FailureReason.NOT_A_PDF: "Ce fichier porte le nom d’un PDF, mais son contenu n’en est pas un. "
    "Ouvrez-le dans le logiciel qui l’a créé, enregistrez-le au format PDF, puis déposez-le.",
    FailureReason.NOT_A_WORKBOOK: "Ce fichier porte le nom d’un classeur, mais son contenu n’en est pas un. "
    "Ouvrez-le dans le logiciel qui l’a créé, enregistrez-le au format PDF, puis déposez-le.",
    FailureReason.NOT_A_PICTURE: "Ce fichier n’est pas une image PNG ou JPEG. "
    "Ouvrez-le, enregistrez-le dans l’un de ces formats, puis choisissez-le de nouveau.",
    FailureReason.EMPTY: "Ce fichier est vide. Vérifiez qu’il s’ouvre sur votre ordinateur, puis déposez-le de nouveau.",
    FailureReason.TOO_MANY_PAGES: "Ce fichier PDF compte plus de 500 pages. "
    "Ne gardez que la facture, et joignez le reste en pièces jointes.",
    FailureReason.BUSY: "Beaucoup de factures sont lues en ce moment. "
    "Rien n’est perdu : attendez une minute, puis recommencez.",
    FailureReason.NOT_DRAWN: "Cette page n’a pas pu être dessinée. Recommencez dans une minute. "
    "Si la facture a beaucoup de lignes, répartissez-les sur plusieurs factures.",
    FailureReason.BLANK: "Cette image est vide : on n’y voit rien. Choisissez-en une autre.",
    FailureReason.NO_INVOICE: "Aucune facture n’est jointe à ce courriel. "
    "Déposez le fichier de la facture, un PDF par exemple.",
    FailureReason.SEVERAL: "Plusieurs fichiers joints à ce courriel peuvent être la facture. "
    "Enregistrez-les, puis déposez-les.",
    FailureReason.NO_SUCH_PAGE: "Cette page n’existe pas dans le fichier PDF. Revenez à la première page.",
}


# The same reasons, said of a workbook and of a picture; the others are said of any file.
WORKBOOK_SENTENCES: dict[FailureReason, str] = {
    FailureReason.TIMEOUT: f"La lecture de ce classeur prend trop de temps : nous l’avons arrêtée. {_ALONE}",
    FailureReason.CRASHED: "Nous n’avons pas réussi à lire ce classeur jusqu’au bout. "
    "Ouvrez-le dans votre tableur, enregistrez-le au format .xlsx, puis déposez-le.",
    FailureReason.TOO_LARGE: f"Ce classeur est trop grand pour une facture. {_ALONE}",
    FailureReason.UNREADABLE: "Ce classeur est abîmé ou incomplet. "
    "Ouvrez-le dans votre tableur, enregistrez-le de nouveau, puis déposez-le.",
    FailureReason.PASSWORD: "Ce classeur est protégé par un mot de passe. "
    "Enregistrez-en une copie sans mot de passe, puis déposez-la.",
    FailureReason.NOT_A_WORKBOOK: "Ce fichier n’est pas un classeur que nous savons lire. "
    "Ouvrez-le dans votre tableur, enregistrez-le au format .xlsx, puis déposez-le.",
}
PAYMENTS_SENTENCES: dict[FailureReason, str] = {
    **WORKBOOK_SENTENCES,
    FailureReason.TIMEOUT: "La lecture de ce tableau prend trop de temps\u00a0: répartissez ses lignes en plusieurs.",
    FailureReason.TOO_LARGE: "Ce tableau est trop grand\u00a0: répartissez ses lignes en plusieurs.",
}
_LETTER_AS_PDF = "Ouvrez-le, choisissez « Enregistrer au format PDF », puis déposez ce PDF."
LETTER_SENTENCES: dict[FailureReason, str] = {
    FailureReason.TIMEOUT: f"La lecture de ce document prend trop de temps : nous l’avons arrêtée. {_LETTER_AS_PDF}",
    FailureReason.CRASHED: f"Nous n’avons pas réussi à lire ce document jusqu’au bout. {_LETTER_AS_PDF}",
    FailureReason.TOO_LARGE: f"Ce document est trop long pour une facture. {_LETTER_AS_PDF}",
    FailureReason.UNREADABLE: f"Ce document est abîmé ou incomplet. {_LETTER_AS_PDF}",
    FailureReason.PASSWORD: "Ce document est protégé par un mot de passe. "
    "Enregistrez-en une copie sans mot de passe, puis déposez-la.",
    FailureReason.NOT_A_WORKBOOK: f"Ce fichier n’est pas un document que nous savons lire. {_LETTER_AS_PDF}",
    FailureReason.BLANK: f"Ce document ne contient pas de texte, ou seulement des images. {_LETTER_AS_PDF}",
}
PICTURE_SENTENCES: dict[FailureReason, str] = {
    FailureReason.TIMEOUT: f"Cette image prend trop de temps à ouvrir : nous l’avons arrêtée. {_SMALLER}",
    FailureReason.CRASHED: f"Nous n’avons pas réussi à ouvrir cette image. {_SMALLER}",
    FailureReason.TOO_LARGE: f"Cette image est trop grande. {_SMALLER}",
    FailureReason.UNREADABLE: "Cette image est abîmée ou incomplète. "
    "Vérifiez qu’elle s’ouvre sur votre appareil, puis reprenez la photo ou envoyez-la de nouveau.",
    FailureReason.NOT_A_PICTURE: "Ce fichier n’est pas une image que nous savons lire. "
    "Enregistrez la photo au format JPEG, puis déposez-la.",
}


# The same, when it is a logo.
LOGO_SENTENCES: dict[FailureReason, str] = {
    **SENTENCES,
    FailureReason.TIMEOUT: "La lecture de cette image prend trop de temps : nous l’avons arrêtée. Réduisez-la, "
    "ou enregistrez-la au format PNG, puis choisissez-la de nouveau.",
    FailureReason.CRASHED: "Nous n’avons pas réussi à lire cette image. Ouvrez-la, enregistrez-la au format PNG, "
    "puis choisissez-la de nouveau.",
    FailureReason.TOO_LARGE: "Cette image est trop grande : 5 Mo et 25 millions de points au plus. "
    "Enregistrez-en une copie de 1 200 points de large, puis choisissez-la.",
    FailureReason.UNREADABLE: "Cette image est abîmée ou incomplète. Enregistrez-la de nouveau au format PNG, "
    "puis choisissez-la.",
    FailureReason.EMPTY: "Ce fichier est vide. Vérifiez qu’il s’ouvre sur votre ordinateur, puis choisissez-le de nouveau.",
}

# The same, of an invoice that is checked and of a flow that is opened. Whatever stopped it, the mend is the same.
_ANY = [reason for reason in FailureReason if reason not in (FailureReason.BUSY, FailureReason.EMPTY)]
CHECK_SENTENCES: dict[FailureReason, str] = dict.fromkeys(
    _ANY,
    "Ce fichier n’a pas pu être vérifié jusqu’au bout : il est trop lourd ou abîmé. "
    "Produisez-le à nouveau avec votre logiciel, puis recommencez.",
)
FLOW_SENTENCES: dict[FailureReason, str] = dict.fromkeys(
    _ANY,
    "Ce fichier n’a pas pu être ouvert : il est abîmé, ou trop lourd. Produisez-le à nouveau avec votre "
    "logiciel, puis recommencez.",
)


class ReaderFailed(Exception):
    """A file could not be read: `reason` says why, `sentence` what to tell the person who deposited it.

    `sentences`: those of a kind of file, where they differ from those of a PDF. `code`, `field` and `findings` are
    those of a refusal of the portal (`portal.lib.errors`), so that it is answered like one.
    """

    field = "file"

    def __init__(self, reason: FailureReason, sentences: Mapping[FailureReason, str] | None = None) -> None:
        self.reason = reason
        self.code = f"file_{reason.value}"
        self.sentence = (sentences or {}).get(reason) or SENTENCES[reason]
        self.findings = [Finding(self.code, self.sentence, self.field)]
        super().__init__(f"{reason.value}: {self.sentence}")
