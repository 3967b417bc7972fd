"""Files that accompany invoices, before a byte of them is read: sizes, names, extensions. A refusal is a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from plainchant.einvoice.codes.attachments import (
    ATTACHMENT_EXTENSIONS,
    MAX_ATTACHMENT_NAME,
    MAX_FILE_BYTES,
    MAX_FOLDER_BYTES,
    megabytes,
)
from plainchant.portal.lib.errors import Refused


class UploadRefused(Refused):
    """A file that cannot be handed in. Each reason has its code."""


def extension_of(name: str) -> str:
    """The extension in lower case without its dot, '' if there is none."""
    return PurePath(name).suffix.lower().removeprefix(".")


def check_attachment(*, name: str, size: int, other_bytes: int = 0, other_names: Iterable[str] = ()) -> None:
    """Raise UploadRefused unless a file may accompany an invoice that already weighs ``other_bytes``."""
    field = "attachments"
    shown = short(name)
    if size == 0:
        raise UploadRefused(
            f"La pièce jointe « {shown} » est vide. Vérifiez le fichier, puis joignez-le.",
            code="file_empty",
            field=field,
        )
    if size > MAX_FILE_BYTES:
        raise UploadRefused(
            f"La pièce jointe « {shown} » pèse {megabytes(size)} ; 10 Mo au plus sont acceptés. "
            "Réduisez-la ou coupez-la en plusieurs fichiers.",
            code="file_too_heavy",
            field=field,
        )
    if other_bytes + size > MAX_FOLDER_BYTES:
        raise UploadRefused(
            f"Avec « {shown} », l’ensemble pèserait {megabytes(other_bytes + size)} ; "
            "120 Mo au plus sont acceptés pour une facture et ses pièces jointes. Retirez-en une.",
            code="files_too_heavy",
            field=field,
        )
    if len(name) > MAX_ATTACHMENT_NAME:
        raise UploadRefused(
            f"Le nom de la pièce jointe « {shown} » compte {len(name)} caractères, extension comprise ; "
            f"{MAX_ATTACHMENT_NAME} au plus sont acceptés. Renommez-la plus court.",
            code="file_name_too_long",
            field=field,
        )
    extension = extension_of(name)
    if not extension:
        raise UploadRefused(
            f"Le nom « {shown} » ne montre pas d’extension. Ajoutez celle du fichier, par exemple « .pdf ».",
            code="file_without_extension",
            field=field,
        )
    if extension not in ATTACHMENT_EXTENSIONS:
        raise UploadRefused(
            f"Les fichiers .{extension[:10]} comme « {shown} » ne sont pas acceptés en pièce jointe. "
            "Enregistrez-le en PDF, puis joignez le PDF.",
            code="file_extension_refused",
            field=field,
        )
    if name in set(other_names):
        raise UploadRefused(
            f"Une pièce jointe s’appelle déjà « {shown} ». Renommez celle-ci, ou retirez l’autre d’abord.",
            code="file_name_taken",
            field=field,
        )


def short(name: str) -> str:
    """A name that fits in a sentence."""
    return name if len(name) <= 60 else f"{name[:40]}…{name[-15:]}"
