"""BR-FR-CPRO, the rows: what Chorus Pro will ask of invoices to public bodies in the reform (XP Z12-012, annexe A).

No Schematron of these rules is published. What is known of them is what users of the annex quote.
"""

from __future__ import annotations

from collections.abc import Iterator

from plainchant.einvoice.codes import france as codes
from plainchant.einvoice.rule import Rule, table

# Rules that we know by number only, or that no single invoice can show to be kept. They have no row.
NOT_RUN: dict[str, str] = {
    "BR-FR-CPRO-16": "La norme elle-même la dit non vérifiable.",
    "BR-FR-CPRO-18": "Son texte (agent du fournisseur) n’est pas public.",
    "BR-FR-CPRO-21": "Son texte (agent du fournisseur) n’est pas public.",
    "BR-FR-CPRO-22": "La norme elle-même la dit non vérifiable.",
    "BR-FR-CPRO-23": "Que le destinataire d’une facture de cadre S3 soit l’acheteur réel, seul l’acheminement le sait.",
    "BR-FR-CPRO-28": "Son texte (agent du fournisseur) n’est pas public.",
    "BR-FR-CPRO-29": "La longueur permise du motif d’exonération n’est pas publique.",
}

# The identifiers that a seller may have: scheme, rule on its form (their order is inferred), shortest, longest, words.
# A SIRET is for BR-FR-09.
IDENTIFIERS: dict[str, tuple[str, int, int, str]] = {
    codes.EU_VAT: ("BR-FR-CPRO-04", 1, 17, "un numéro de TVA de l’Union (17 caractères au plus)"),
    codes.NON_EU: ("BR-FR-CPRO-05", 1, 17, "un identifiant hors Union (17 caractères au plus)"),
    codes.RIDET: ("BR-FR-CPRO-06", 9, 10, "un RIDET (9 ou 10 caractères)"),
    codes.TAHITI: ("BR-FR-CPRO-07", 9, 10, "un numéro TAHITI (9 ou 10 caractères)"),
    codes.INDIVIDUAL: (
        "BR-FR-CPRO-08",
        10,
        80,
        "un identifiant de particulier (10 chiffres, puis 70 caractères au plus)",
    ),
}
DIGITS_OF_INDIVIDUAL = 10

# fmt: off
# How long a text may be: rule, group, term, attribute, longest, words.
HEAD_LENGTHS: tuple[tuple[str, str, str, int, str], ...] = (
    ("BR-FR-CPRO-14", "BT-12", "contract_reference", 50, "La référence du marché ou du contrat"),
    ("BR-FR-CPRO-15", "BT-13", "purchase_order_reference", 50, "Le numéro d’engagement"),
    ("BR-FR-CPRO-35", "BT-20", "payment_terms", 1024, "Le texte des conditions de paiement"),
)
SELLER_LENGTHS: tuple[tuple[str, str, str, int, str], ...] = (
    ("BR-FR-CPRO-36", "BT-28", "trading_name", 99, "Le nom commercial du fournisseur"),
    ("BR-FR-CPRO-43", "BT-27", "name", 99, "La raison sociale du fournisseur"),
)
ADDRESS_LENGTHS: tuple[tuple[str, str, str, int, str], ...] = (
    ("BR-FR-CPRO-32", "BT-35", "line_1", 400, "La rue du fournisseur"),
    ("BR-FR-CPRO-33", "BT-37", "city", 400, "La ville du fournisseur"),
)
BUYER_LENGTHS: tuple[tuple[str, str, str, int, str], ...] = (
    ("BR-FR-CPRO-34", "BT-45", "trading_name", 99, "Le nom commercial de l’acheteur"),
    ("BR-FR-CPRO-44", "BT-44", "name", 99, "Le nom de l’acheteur"),
)
PAYEE_LENGTHS: tuple[tuple[str, str, str, int, str], ...] = (
    ("BR-FR-CPRO-37", "BT-59", "name", 99, "Le nom du bénéficiaire du paiement"),
)
DOCUMENT_LENGTHS: tuple[tuple[str, str, str, int, str], ...] = (
    ("BR-FR-CPRO-30", "BT-122", "reference", 50, "La référence de la pièce jointe"),
    ("BR-FR-CPRO-41", "BT-125", "filename", 50, "Le nom de fichier de la pièce jointe"),
)
_OTHER_LENGTHS: tuple[tuple[str, str, str, int, str], ...] = (
    ("BR-FR-CPRO-31", "BT-154", "description", 1024, "La description de l’article"),
    ("BR-FR-CPRO-38", "BT-71", "location", 20, "L’identifiant du lieu de livraison"),
    ("BR-FR-CPRO-39", "BT-84", "account", 27, "L’IBAN ou numéro de compte"),
    ("BR-FR-CPRO-40", "EXT-FR-FE-146", "location", 20, "L’identifiant du lieu de livraison"),
    ("BR-FR-CPRO-42", "BT-22", "text", 1024, "Le texte d’une note"),
)
MAX_LENGTH = {
    rule: longest
    for rows in (
        HEAD_LENGTHS, SELLER_LENGTHS, ADDRESS_LENGTHS, BUYER_LENGTHS, PAYEE_LENGTHS, DOCUMENT_LENGTHS, _OTHER_LENGTHS
    )
    for rule, _, _, longest, _ in rows
}
MAX_NUMBER = 20
MAX_LINES = 999_999


_MENDED = {  # what is shortened by nobody is copied again
    "BR-FR-CPRO-14": "Recopiez-la depuis l’acte d’engagement",
    "BR-FR-CPRO-15": "Recopiez celui que vous a donné votre interlocuteur",
    "BR-FR-CPRO-38": "Donnez-en un plus court, ou retirez-le",
    "BR-FR-CPRO-39": "Recopiez-le depuis votre RIB, sans espace",
    "BR-FR-CPRO-40": "Donnez-en un plus court, ou retirez-le",
}


def _lengths() -> Iterator[Rule]:
    for rows in (HEAD_LENGTHS, SELLER_LENGTHS, ADDRESS_LENGTHS, BUYER_LENGTHS, PAYEE_LENGTHS, DOCUMENT_LENGTHS, _OTHER_LENGTHS):
        for rule, term, _, longest, what in rows:
            yield Rule(rule, (term,), f"{term} has {longest} characters at most.", f"{what} compte {{length}} caractères ; Chorus Pro en accepte {longest} au plus. {_MENDED.get(rule, 'Raccourcissez')}.")


def _identifiers() -> Iterator[Rule]:
    for scheme, (rule, _, _, what) in IDENTIFIERS.items():
        yield Rule(rule, ("BT-29",), f"An identifier of the seller with scheme {scheme} has the form of its kind.", f"L’identifiant « {{value}} » du fournisseur n’a pas la forme attendue : le schéma {scheme} annonce {what}. Corrigez l’identifiant ou son schéma.")


RULES = table(
    sorted(
        (
            Rule("BR-FR-CPRO-01", ("EXT-FR-FE-01",), "The kind of the contract is MARCHE or CONTRAT.", "Le type de contrat « {value} » n’est pas connu de Chorus Pro. Écrivez MARCHE ou CONTRAT, ou retirez-le."),
            Rule("BR-FR-CPRO-02", ("BT-1", "BT-25", "EXT-FR-FE-136"), "Numbers of invoices have 20 characters at most.", "Le numéro de facture « {value} » compte {length} caractères ; Chorus Pro en accepte 20 au plus. Raccourcissez-le, ou, si c’est celui d’une facture antérieure, recopiez celui que Chorus Pro connaît."),
            Rule("BR-FR-CPRO-03", ("BT-29",), "The seller has an identifier with scheme 0009, 0223, 0226, 0227, 0228 or 0229.", "Le fournisseur n’a pas d’identifiant que Chorus Pro connaît. Ajoutez son SIRET avec le schéma 0009 ; hors de France, son numéro de TVA (0223) ou l’identifiant de son pays (0227)."),
            *_identifiers(),
            Rule("BR-FR-CPRO-09", ("BT-29", "BT-30"), "A seller with a SIREN has a SIRET (scheme 0009).", "Le fournisseur donne son SIREN sans son SIRET. Ajoutez le SIRET (14 chiffres) de l’établissement qui facture, avec le schéma 0009."),
            Rule("BR-FR-CPRO-10", ("BT-46",), "A public buyer has a SIRET (scheme 0009).", "Le SIRET de l’acheteur manque. Ajoutez-le (14 chiffres), avec le schéma 0009 : vous le trouverez dans l’annuaire de Chorus Pro."),
            Rule("BR-FR-CPRO-11", ("BT-46", "BT-10"), "The buyer's service code (scheme 0224) is there if the buyer demands one, and is one of its own.", "{problem} Choisissez le code du service dans l’annuaire de Chorus Pro ({name})."),
            Rule("BR-FR-CPRO-12", ("BT-13",), "The commitment number is there if the buyer, or its service, demands one.", "{name} exige un numéro d’engagement, et la facture n’en donne pas. Demandez-le à votre interlocuteur et ajoutez-le comme numéro de commande."),
            Rule("BR-FR-CPRO-13", ("BT-46", "BT-13"), "The service code or the commitment number is there if the buyer demands one of them.", "{name} exige un code de service ou un numéro d’engagement, et la facture ne donne ni l’un ni l’autre. Ajoutez l’un des deux."),
            Rule("BR-FR-CPRO-17", ("BT-60", "BT-61"), "A payee with a SIREN has a SIRET (scheme 0009).", "Le bénéficiaire du paiement est donné par son SIREN sans son SIRET. Ajoutez le SIRET (14 chiffres), avec le schéma 0009."),
            Rule("BR-FR-CPRO-19", ("BG-25",), "An invoice has 999,999 lines at most.", "La facture compte {count} lignes ; Chorus Pro en accepte 999 999 au plus. Répartissez-les sur plusieurs factures."),
            Rule("BR-FR-CPRO-20", ("BG-3",), "An invoice cites one preceding invoice at most.", "La facture cite {count} factures antérieures ; Chorus Pro n’en accepte qu’une. Faites une facture ou un avoir pour chacune."),
            Rule("BR-FR-CPRO-24", ("BT-23",), "Cadre S5 is not for public buyers.", "Le cadre S5 n’existe pas pour un acheteur public. Pour un sous-traitant payé directement, écrivez S3."),
            Rule("BR-FR-CPRO-25", ("BT-20",), "The terms of payment stand once.", "Les conditions de paiement figurent {count} fois. Réunissez-les en une seule."),
            Rule("BR-FR-CPRO-26", ("BG-6",), "The seller has one contact at most.", "Le fournisseur a {count} contacts ; Chorus Pro n’en accepte qu’un. Gardez celui qui répondra sur cette facture."),
            Rule("BR-FR-CPRO-27", ("BG-9",), "The buyer has one contact at most.", "L’acheteur a {count} contacts ; Chorus Pro n’en accepte qu’un. Gardez celui de votre interlocuteur."),
            *_lengths(),
        ),
        key=lambda rule: rule.id,
    )
)
# fmt: on
