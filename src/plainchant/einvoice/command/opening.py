"""A file that a command could not open: why, in words and not in the system's."""

from __future__ import annotations

import errno
from pathlib import Path

_WHY = {
    errno.ENOENT: "il n’existe pas. Vérifiez son nom et son dossier.",
    errno.EISDIR: "c’est un dossier. Donnez les fichiers qu’il contient.",
    errno.ENOTDIR: "l’un des dossiers de son chemin n’en est pas un. Vérifiez son nom.",
    errno.EACCES: "vous n’avez pas le droit de le lire. Vérifiez ses droits, ou copiez-le.",
}


def unopened(path: Path | str, error: OSError) -> str:
    """What to tell whoever gave `path` to a command."""
    why = _WHY.get(error.errno or 0, "le système ne l’a pas donné à lire. Vérifiez ses droits, ou copiez-le.")
    return f"Le fichier {path} n’a pas pu être ouvert : {why}"
