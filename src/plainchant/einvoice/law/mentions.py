"""Sentences that a French invoice must bear. Source: code de la commande publique, for buyers it binds."""

from __future__ import annotations

from plainchant.einvoice.codes.france import EARLY_PAYMENT, LATE_PENALTY, RECOVERY_FEE

FRANCHISE = "TVA non applicable, art. 293 B du CGI"  # the very words that the tax office asks for
FRANCHISE_CODE = "VATEX-FR-FRANCHISE"

# Subject code of the note (BT-21) → its text (BT-22), when the buyer is a public body. Private buyers owe ten points.
TO_PUBLIC_BUYERS = {
    LATE_PENALTY: "Tout retard de paiement donne droit, sans rappel, à des intérêts moratoires au taux de la Banque "
    "centrale européenne majoré de huit points (code de la commande publique, art. L2192-13 et R2192-31).",
    RECOVERY_FEE: "Tout retard de paiement donne droit, sans rappel, à une indemnité forfaitaire de 40 € pour frais de "
    "recouvrement (code de la commande publique, art. D2192-35).",
    EARLY_PAYMENT: "Pas d’escompte pour paiement anticipé.",
}
