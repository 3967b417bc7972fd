"""Cadres de facturation (BT-23). Source: Chorus Pro's pivot schema V2_02, which has no A11; XP Z12-012 for the
reform's.
"""

CADRES = {
    "A1": "Facture d’un fournisseur",
    "A2": "Facture déjà payée",
    "A3": "Mémoire de frais de justice",
    "A4": "Projet de décompte mensuel",
    "A5": "État d’acompte",
    "A6": "État d’acompte validé",
    "A7": "Projet de décompte final",
    "A8": "Décompte général et définitif",
    "A9": "Facture d’un sous-traitant",
    "A10": "Demande de paiement d’un sous-traitant",
    "A12": "Facture d’un cotraitant",
    "A13": "Projet de décompte mensuel d’un cotraitant",
    "A14": "Projet de décompte final d’un cotraitant",
    "A15": "État d’acompte du maître d’œuvre",
    "A16": "État d’acompte validé du maître d’œuvre",
    "A17": "Projet de décompte général du maître d’œuvre",
    "A18": "Décompte général du maître d’œuvre",
    "A19": "État d’acompte validé du maître d’ouvrage",
    "A20": "Décompte général du maître d’ouvrage",
    "A21": "Demande de remboursement de taxe intérieure de consommation",
    "A22": "Projet de décompte général tacite",
    "A23": "Décompte général et définitif tacite",
    "A24": "Décompte général et définitif du maître d’œuvre",
    "A25": "Décompte général et définitif du maître d’ouvrage",
}
REFORM_CADRES = frozenset("B1 S1 M1 B2 S2 M2 S3 B4 S4 M4 S5 S6 B7 S7 B8 S8 M8 S9 M9 B9".split())
