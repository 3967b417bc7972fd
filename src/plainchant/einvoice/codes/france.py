"""Code lists that only the French rules know (XP Z12-012 V1.4): kinds of invoices, cadres, VAT categories, schemes."""

from __future__ import annotations

DOCUMENT_TYPES = frozenset("380 389 393 501 386 500 384 471 472 473 261 262 381 396 502 503".split())  # UNTDID 1001
SELF_BILLED_TYPES = frozenset("389 501 500 471 473 261 502".split())  # drawn up by the buyer
DEPOSIT_TYPES = frozenset("386 500 503".split())
CREDIT_NOTE_TYPES = frozenset("261 262 381 396 502 503".split())
CREDITING_TYPES = frozenset("261 381 396 502 503".split())  # of these, those that must cite an invoice: all but 262
CORRECTIVE_TYPES = frozenset("384 471 472 473".split())
GLOBAL_CREDIT_NOTE = "262"  # a rebate over a period

# BT-23. The letter says what is sold (B goods, S services, M both), the number in which procedure.
CADRES = frozenset("B1 S1 M1 B2 S2 M2 S3 B4 S4 M4 S5 S6 B7 S7 B8 S8 M8 B9 S9 M9".split())
PAID_CADRES = frozenset("B2 S2 M2".split())
AFTER_DEPOSIT_CADRES = frozenset("B4 S4 M4".split())
SEVERAL_SELLERS_CADRES = frozenset("B8 S8 M8".split())
BOTH_WAYS_CADRES = frozenset("B9 S9 M9".split())  # each side is seller of a part
GROUPED_CADRES = SEVERAL_SELLERS_CADRES | BOTH_WAYS_CADRES

# Subject codes of notes (BT-21).
RECOVERY_FEE, LATE_PENALTY, EARLY_PAYMENT, TAX_NOTE, TREATMENT = "PMT", "PMD", "AAB", "TXD", "BAR"
TREATMENTS = ("B2B", "B2BINT", "B2C", "B2CINT", "OUTOFSCOPE", "ARCHIVEONLY")  # what a BAR note may say
SINGLE_TAXABLE_MEMBER = "MEMBRE_ASSUJETTI_UNIQUE"  # what a TXD note must say of one

VAT_CATEGORIES = frozenset("S E AE K G O Z".split())
FOREIGN_VAT_CATEGORIES = frozenset("LM")  # Canary Islands, Ceuta and Melilla

# BT-123: what an attachment is.
READABLE_COPY = "LISIBLE"
ATTACHMENT_KINDS = frozenset(
    """
    RIB LISIBLE FEUILLE_DE_STYLE PJA BORDEREAU_SUIVI DOCUMENT_ANNEXE BON_LIVRAISON BON_COMMANDE
    BORDEREAU_SUIVI_VALIDATION ETAT_ACOMPTE FACTURE_PAIEMENT_DIRECT RECAPITULATIF_COTRAITANCE
    """.split()
)

# Schemes of identifiers (ISO 6523 and French additions) and of electronic addresses (EAS).
SIREN, SIRET, SINGLE_TAXABLE_PERSON = "0002", "0009", "0231"
ROUTING_CODE, FRENCH_ADDRESS = "0224", "0225"
EU_VAT, INDIVIDUAL, NON_EU, RIDET, TAHITI = "0223", "0226", "0227", "0228", "0229"

# Schemes of BT-18 and BT-128 on an invoice of several sellers: the number and the cadre of each one's part.
PART_NUMBER, PART_CADRE = "AFL", "AVV"

CONTRACT_TYPES = frozenset({"MARCHE", "CONTRAT"})  # EXT-FR-FE-01, as long as the public sector says so
