"""What may be handed in, before any byte of it is read: sizes, names, extensions. Each refusal is a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from django.core.files.base import File

from plainchant.capture.kinds import KINDS, DocumentKind, accepted_for, kinds_in_words
from plainchant.einvoice.codes.attachments import MAX_FILE_BYTES, MAX_INVOICE_NAME
from plainchant.portal.store.attachments import UploadRefused, check_attachment, extension_of, megabytes, short

__all__ = [
    "TAKEN",
    "Upload",
    "UploadRefused",
    "check_attachment",
    "check_content",
    "check_invoice_file",
    "extension_of",
]

# Where invoices that are data go in, by the title of the page.
_BY_FLOW = "Une facture électronique, ou un lot, passe par « Envoyer des factures électroniques »."
TAKEN = kinds_in_words()


@dataclass(frozen=True)
class Upload:
    """A file as a visitor sends it: its bytes, the name it goes by, and its size in bytes."""

    file: File
    name: str
    size: int


def check_invoice_file(*, name: str, size: int) -> None:
    """Raise UploadRefused unless a file of this name and size may be the invoice itself."""
    field = "file"
    shown = short(name)
    if size == 0:
        raise UploadRefused(
            f"Le fichier « {shown} » est vide. Ouvrez-le pour vérifier, puis déposez le fichier de votre facture.",
            code="file_empty",
            field=field,
        )
    if size > MAX_FILE_BYTES:
        raise UploadRefused(
            f"Le fichier « {shown} » pèse {megabytes(size)} ; une facture ne peut pas dépasser 10 Mo. "
            "Réduisez-le (par exemple « enregistrer en taille réduite »), ou mettez les annexes en pièces jointes.",
            code="file_too_heavy",
            field=field,
        )
    if len(name) > MAX_INVOICE_NAME:
        raise UploadRefused(
            f"Le nom du fichier compte {len(name)} caractères ; {MAX_INVOICE_NAME} au plus sont acceptés. "
            "Renommez-le, par exemple « facture.pdf ».",
            code="file_name_too_long",
            field=field,
        )
    extension = extension_of(name)
    if accepted_for(extension) is not None:
        return
    if not extension:
        raise UploadRefused(
            f"Le nom « {shown} » ne montre pas d’extension. Ajoutez celle du fichier à la fin du nom, par exemple "
            "« .pdf » si c’est un PDF, puis déposez-le de nouveau.",
            code="file_without_extension",
            field=field,
        )
    known = next((kind for kind in KINDS.values() if extension in kind.extensions), KINDS["other"])
    raise UploadRefused(
        f"« {shown} » est un fichier .{extension[:10]}. {_mend(known)} Sont acceptés ici les fichiers {TAKEN}.",
        code="file_extension_refused",
        field=field,
    )


def check_content(*, name: str, kind: DocumentKind) -> None:
    """Raise UploadRefused unless what a file holds may be an invoice, and is what its name promises."""
    shown, promised = short(name), accepted_for(extension_of(name))
    if promised is not None and kind.code == promised.code:
        return
    if is_broken_office_file(name=name, kind=kind):
        raise UploadRefused(
            f"« {shown} » est abîmé ou incomplet : il n’a pas pu être lu. Ouvrez-le dans le logiciel qui l’a fait, "
            "enregistrez-le de nouveau, puis déposez-le.",
            code="file_not_what_it_says",
            field="file",
        )
    named = f"porte le nom {promised.of_it}, mais son contenu n’en est pas" if promised else "n’est pas"
    un = "une" if promised is not None and promised.is_feminine else "un"
    if kind.mend:
        sentence = f"« {shown} » {named} {un} : c’est {kind.name}. {_mend(kind)}"
        raise UploadRefused(sentence, code="file_not_what_it_says", field="file")
    renamed = f"{PurePath(name).stem[:40]}.{kind.extensions[0]}"
    raise UploadRefused(
        f"« {shown} » {named} {un} : c’est {kind.name}. Renommez-le « {renamed} », puis déposez-le de nouveau.",
        code="file_not_what_it_says",
        field="file",
    )


def is_broken_office_file(*, name: str, kind: DocumentKind) -> bool:
    """Whether a text document or workbook, which are archives themselves, is broken: nothing of them is found in it."""
    promised = accepted_for(extension_of(name))
    return kind.code == "zip" and promised is not None and promised.family in ("letter", "workbook")


def _mend(kind: DocumentKind) -> str:
    return _BY_FLOW if kind.is_electronic else kind.mend
