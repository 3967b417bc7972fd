"""The profiles: a few names for what people do, each a set of spaces. Plain Python: no Django.

A manager picks profiles; what is stored is the spaces that they open, so that a profile that changes later changes
nobody's rights.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from .rights import Mode, Space

SPACE_NAMES: Mapping[Space, str] = {
    Space.ISSUED: "Factures émises",
    Space.RECEIVED: "Factures reçues",
    Space.VALIDATION: "Factures à valider",
    Space.WORKS: "Factures de travaux",
    Space.FLOWS: "Suivi des flux",
    Space.COMMITMENTS: "Engagements",
    Space.TICKETS: "Sollicitations reçues",
    Space.MANAGEMENT: "Activités du gestionnaire",
}
# A space that can be opened for one service of a public body alone.
BY_SERVICE = frozenset({Space.RECEIVED, Space.COMMITMENTS, Space.TICKETS})


class AccessProfile(StrEnum):
    """The codes that forms send."""

    EVERYTHING = "tout"
    INVOICE = "facturer"
    FOLLOW = "suivre"
    PROCESS = "traiter"
    READ = "consulter"
    VALIDATE = "valider"
    WORK = "travaux"
    HELP = "repondre"
    COMMIT = "engager"
    MANAGE = "gerer"


@dataclass(frozen=True)
class ProfileRow:
    """``name`` and ``meaning`` as managers read them; ``spaces`` what it opens, and how far: first what it is for.

    ``narrower``: the meaning where the structure does not use all of these.
    """

    profile: AccessProfile
    name: str
    meaning: str
    spaces: tuple[tuple[Space, Mode], ...]
    narrower: str = ""

    @property
    def is_for(self) -> Space:
        """The space without which it means nothing to a structure; the others help where they are used."""
        return self.spaces[0][0]

    def meaning_in(self, used: Collection[Space]) -> str:
        """What it means for a structure that uses these spaces."""
        is_whole = all(space in used for space, _ in self.spaces)
        return self.meaning if is_whole or not self.narrower else self.narrower

    @property
    def is_by_service(self) -> bool:
        """Whether it can be given for some services of a public body."""
        return all(space in BY_SERVICE for space, _ in self.spaces)


_SEE, _DO = Mode.CONSULTATION, Mode.MODIFICATION

PROFILES: tuple[ProfileRow, ...] = (
    ProfileRow(
        AccessProfile.EVERYTHING,
        "Tout faire, sauf gérer la structure",
        "Préparer, envoyer et suivre les factures\u00a0; traiter et faire payer celles qui sont reçues\u00a0; "
        "valider celles des sous-traitants\u00a0; suivre celles de travaux\u00a0; répondre aux sollicitations.",
        (
            (Space.ISSUED, _DO),
            (Space.RECEIVED, _DO),
            (Space.VALIDATION, _DO),
            (Space.WORKS, _DO),
            (Space.FLOWS, _DO),
            (Space.COMMITMENTS, _DO),
            (Space.TICKETS, _DO),
        ),
        narrower="Tout ce qui touche à ses factures.",
    ),
    ProfileRow(
        AccessProfile.INVOICE,
        "Facturer",
        "Préparer, envoyer et suivre les factures de la structure.",
        ((Space.ISSUED, _DO), (Space.FLOWS, _DO)),
    ),
    ProfileRow(
        AccessProfile.FOLLOW,
        "Suivre les factures envoyées",
        "Les voir, sans rien y changer.",
        ((Space.ISSUED, _SEE), (Space.FLOWS, _SEE)),
    ),
    ProfileRow(
        AccessProfile.PROCESS,
        "Traiter les factures reçues",
        "Les suspendre, les renvoyer, les rejeter, les faire payer.",
        ((Space.RECEIVED, _DO), (Space.COMMITMENTS, _SEE)),
    ),
    ProfileRow(
        AccessProfile.READ,
        "Consulter les factures reçues",
        "Les voir, sans rien y changer.",
        ((Space.RECEIVED, _SEE), (Space.COMMITMENTS, _SEE)),
    ),
    ProfileRow(
        AccessProfile.VALIDATE,
        "Valider les factures de sous-traitants",
        "Donner l’accord de la structure avant que l’acheteur les reçoive, ou les refuser.",
        ((Space.VALIDATION, _DO),),
    ),
    ProfileRow(
        AccessProfile.WORK,
        "Traiter les factures de travaux",
        "Agir comme maître d’œuvre ou maître d’ouvrage\u00a0: vérifier une pièce et faire la suivante, ou la refuser.",
        ((Space.WORKS, _DO),),
    ),
    ProfileRow(
        AccessProfile.HELP,
        "Répondre aux sollicitations",
        "Lire ce que les fournisseurs demandent sur leurs factures, et leur répondre.",
        ((Space.TICKETS, _DO),),
    ),
    ProfileRow(
        AccessProfile.COMMIT,
        "Tenir les engagements",
        "Importer ce que l’organisme s’est engagé à payer, et le chercher.",
        ((Space.COMMITMENTS, _DO),),
    ),
    ProfileRow(
        AccessProfile.MANAGE,
        "Gérer la structure",
        "Changer sa fiche et ses comptes bancaires, accepter des personnes et dire ce que chacune peut faire.",
        ((Space.MANAGEMENT, _DO),),
    ),
)
PROFILE_ROW: Mapping[AccessProfile, ProfileRow] = {row.profile: row for row in PROFILES}


def usual(*, is_public: bool) -> tuple[AccessProfile, ...]:
    """What people of a structure mostly do: proposed to whoever decides, and given where several are accepted at "
    "once."""
    return (AccessProfile.PROCESS,) if is_public else (AccessProfile.EVERYTHING,)


def spaces_of(profiles: Iterable[AccessProfile]) -> dict[Space, Mode]:
    """What these profiles open together: of one space, the widest mode."""
    opened: dict[Space, Mode] = {}
    for profile in profiles:
        for space, mode in PROFILE_ROW[profile].spaces:
            if opened.get(space) is not Mode.MODIFICATION:
                opened[space] = mode
    return opened
