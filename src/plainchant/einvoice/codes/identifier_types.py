"""Chorus Pro's types of identifiers of a structure, with their number, name, scheme and the ways they are written.

Source: the enumeration of the API (typeIdentifiant), the EDI annex (1 to 7), XP Z12-012 (schemes of ISO 6523). Lengths:
BR-FR-CPRO-04 to 08 and G2.19 of the reform, which agree but for HORS_UE, where the longer of the two is taken (18).
`structure_identifiers` reads and checks what people type.
"""

from __future__ import annotations

from dataclasses import dataclass

from .france import EU_VAT, INDIVIDUAL, NON_EU, RIDET, SIRET, TAHITI


@dataclass(frozen=True, slots=True)
class IdentifierType:
    """``code`` is the name on the wire of the API, ``number`` the one in files. ``others``: as some files write it.

    ``printed``: what stands before it on the page of an invoice, "" for the bare value. ``is_number``: of letters and
    digits alone; spaces, points and dashes are how it is printed. ``form``: a pattern of the whole, in capitals and
    without spaces. ``who`` is how somebody without SIRET recognises themselves, ``hint`` how it is written, ``wrong``
    what to say of one that is not. ``countries``: of those who have it, none where any may.
    """

    code: str
    number: str
    label: str
    scheme: str | None
    form: str
    printed: str = ""
    others: tuple[str, ...] = ()
    is_number: bool = True
    who: str = ""
    hint: str = ""
    wrong: str = ""
    countries: tuple[str, ...] = ()


SIRET_TYPE, EU_VAT_TYPE, NON_EU_TYPE, INDIVIDUAL_TYPE = "SIRET", "UE_HORS_FRANCE", "HORS_UE", "PARTICULIER"
IDENTIFIER_TYPES: tuple[IdentifierType, ...] = (
    IdentifierType(SIRET_TYPE, "1", "SIRET", SIRET, r"[0-9]{14}", "SIRET", ("SIRET",)),
    IdentifierType(
        EU_VAT_TYPE,
        "2",
        "Numéro de TVA (Union européenne, hors France)",
        EU_VAT,
        r"[A-Z]{2}[0-9A-Z+*]{2,16}",
        "N° TVA",
        who="Elle est dans un autre pays de l’Union européenne",
        hint="Son numéro de TVA\u00a0: les deux lettres du pays, puis des chiffres ou des lettres, comme BE0123456749.",
        wrong="Un numéro de TVA a 18 caractères au plus. Recopiez-le depuis une facture.",
    ),
    IdentifierType(
        NON_EU_TYPE,
        "3",
        "Hors Union européenne",
        NON_EU,
        r"[A-Z]{2}[0-9A-Z]{1,16}",
        others=("ETR",),
        is_number=False,
        who="Elle est dans un pays hors de l’Union européenne",
        hint="Les deux lettres du pays, puis le début de son nom, sans espace\u00a0: CHATELIERDULAC pour "
        "«\u00a0Atelier du lac\u00a0» en Suisse (CH). Ce qui dépasse 18 caractères est coupé.",
        wrong="Écrivez les deux lettres du pays (CH pour la Suisse, GB pour le Royaume-Uni), puis le début du nom.",
    ),
    IdentifierType(
        "RIDET",
        "4",
        "RIDET (Nouvelle-Calédonie)",
        RIDET,
        r"[0-9]{9,10}",
        "RIDET",
        ("RIDET",),
        who="Elle est en Nouvelle-Calédonie",
        hint="Son RIDET\u00a0: 9 ou 10 chiffres, donnés par l’Isee.",
        wrong="Un RIDET compte 9 ou 10 chiffres, et rien d’autre.",
        countries=("NC",),
    ),
    IdentifierType(
        "TAHITI",
        "5",
        "Numéro Tahiti (Polynésie française)",
        TAHITI,
        r"[0-9A-Z][0-9]{8,9}",
        "TAHITI",
        ("TAHITI",),
        who="Elle est en Polynésie française",
        hint="Son numéro Tahiti, avec celui de l’établissement\u00a0: 9 ou 10 caractères, comme A12345001.",
        wrong="Un numéro Tahiti compte 9 ou 10 caractères\u00a0: un chiffre ou une lettre, puis des chiffres.",
        countries=("PF",),
    ),
    IdentifierType(
        "AUTRE",
        "6",
        "En cours d’immatriculation",
        None,
        r"[0-9A-Z][0-9A-Z.-]{2,17}",
        is_number=False,
        who="Elle attend encore son SIRET",
        hint="Le numéro de votre dossier d’immatriculation\u00a0: 3 à 18 lettres et chiffres.",
        wrong="Écrivez un numéro de 3 à 18 lettres et chiffres, sans autre signe que le point et le tiret.",
        countries=("FR",),
    ),
    IdentifierType(
        INDIVIDUAL_TYPE,
        "7",
        "Particulier",
        INDIVIDUAL,
        r"[0-9]{10}[0-9A-Z.'-]{0,70}",
        is_number=False,
        who="Ce n’est pas une entreprise\u00a0: je suis un particulier",
        hint="10 chiffres, puis votre nom\u00a0: par exemple votre numéro de téléphone, comme 0612345678MARTIN. "
        "N’écrivez pas votre numéro de sécurité sociale.",
        wrong="Écrivez 10 chiffres, puis votre nom en lettres, 80 caractères en tout au plus.",
    ),
)
IDENTIFIER_TYPE_OF = {row.code: row for row in IDENTIFIER_TYPES}
NUMBERED = {row.number: row for row in IDENTIFIER_TYPES}
WRITTEN = {
    writing: row for row in IDENTIFIER_TYPES for writing in (row.number, row.scheme, *row.others) if writing is not None
}
