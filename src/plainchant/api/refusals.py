"""What only programs can do wrong. Everything else is refused by the operations that pages call too."""

from __future__ import annotations

from plainchant.portal.lib.errors import Refused

from .values import Base64File


class ValueMissing(Refused):
    """A value that the operation cannot do without is not in the request; ``field`` is its key."""

    code = "wire_value_missing"

    def __init__(self, key: str) -> None:
        super().__init__(f"La requête ne donne pas « {key} ». Ajoutez-le, puis recommencez.", field=key)


class NotBase64(Refused):
    """A file that is no base64; ``field`` is its key."""

    code = "wire_not_base64"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"« {key} » n’est pas du base64 bien formé. Encodez les octets du fichier, sans rien autour.", field=key
        )


class UnknownFlow(Refused):
    """No flow within reach has this number: one of somebody else reads the same."""

    code = "wire_flow_unknown"

    def __init__(self) -> None:
        super().__init__("Flux introuvable.", field="numeroFluxDepot")


class UnknownInvoice(Refused):
    """No invoice within reach has this key: one of somebody else reads the same. ``field`` is its name."""

    code = "wire_invoice_unknown"

    def __init__(self, key: str) -> None:
        super().__init__("La demande de paiement est inconnue du système.", field=key)


class UnknownStructure(Refused):
    """No structure or service that the program may see has this key. ``field`` is its name."""

    code = "wire_structure_unknown"

    def __init__(self, key: str) -> None:
        super().__init__("La structure ou le service est inconnu du système.", field=key)


class UnknownFile(Refused):
    """No file that this program added has this key."""

    code = "wire_file_unknown"

    def __init__(self) -> None:
        super().__init__(
            "Une pièce jointe est inconnue du système. Ajoutez le fichier de nouveau, puis recommencez.",
            field="pieceJointeId",
        )


class NotConverted(Refused):
    """The invoice lacks what the other form cannot do without, or the file is none. The sentence says which."""

    code = "wire_not_converted"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, field="file")


class NothingFound(Refused):
    """A search without a result, where Chorus Pro has a codeRetour for it."""

    code = "wire_nothing_found"

    def __init__(self) -> None:
        super().__init__("La recherche n’a retourné aucun résultat.")


class SearchTooWide(Refused):
    """A search that compares with more values than a database takes in one statement; ``most``: how many it may."""

    code = "wire_search_too_wide"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"La recherche compare avec plus de {most} valeurs. Répartissez-les entre plusieurs recherches."
        )


def given_file(file: Base64File | None, key: str) -> Base64File:
    """The file, once it is there and was base64. Raises ValueMissing and NotBase64."""
    if file is None:
        raise ValueMissing(key)
    if file.has_trouble:
        raise NotBase64(key)
    return file
