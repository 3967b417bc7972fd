"""A file that a command writes: made, or a sentence that says why it could not be."""

from __future__ import annotations

import errno
from pathlib import Path

import click

_WHY = {
    errno.ENOENT: "son dossier n’existe pas. Créez-le, ou choisissez un autre endroit.",
    errno.EEXIST: "il existe déjà. Déplacez-le, ou donnez un autre nom.",
    errno.EISDIR: "c’est un dossier. Donnez un nom de fichier.",
    errno.ENOTDIR: "l’un des dossiers de son chemin n’en est pas un. Choisissez un autre endroit.",
    errno.EACCES: "vous n’avez pas le droit d’y écrire. Choisissez un autre endroit.",
    errno.EROFS: "rien ne peut être écrit à cet endroit. Choisissez-en un autre.",
    errno.ENOSPC: "le disque est plein. Faites de la place, puis recommencez.",
}


def unwritten(path: Path | str, error: OSError) -> str:
    """What to tell whoever wants ``path`` written, or made where it is a folder."""
    why = _WHY.get(error.errno or 0, "le système l’a refusé. Choisissez un autre endroit.")
    return f"{path} n’a pas pu être écrit : {why}"


def write_out(path: Path, data: bytes) -> None:
    """Raises ClickException when the file cannot be written."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise click.ClickException(unwritten(path, error)) from None
