"""The words of a mandate, by version. A version that somebody has signed is never changed: write the next one.

Basis: CGI art. 289, I-2 and BOI-TVA-DECLA-30-20-10 (a third party may draw up invoices in the supplier's name and on
its behalf, by a mandate given beforehand; the supplier stays answerable for the VAT and the contents).
"""

from __future__ import annotations

from dataclasses import dataclass

CURRENT = "2026-11"


@dataclass(frozen=True, slots=True)
class MandateText:
    """``paragraphs``: pairs of a short title and what is agreed."""

    version: str
    title: str
    paragraphs: tuple[tuple[str, str], ...]


VERSIONS: dict[str, MandateText] = {
    "2026-11": MandateText(
        version="2026-11",
        title="Mandat de facturation",
        paragraphs=(
            (
                "Objet",
                "Le mandant charge l’exploitant de ce portail (le mandataire) d’établir, en son nom et pour son compte, "
                "les factures et avoirs qu’il y saisit à destination de personnes publiques, et de les transmettre.",
            ),
            (
                "Ce que fait le mandant",
                "Il saisit les données de chaque facture, les vérifie et décide seul de l’envoyer. Aucune facture n’est "
                "établie sans sa confirmation. Il signale sans attendre tout changement de ses mentions légales.",
            ),
            (
                "Ce que fait le mandataire",
                "Il met en forme les données saisies, calcule les totaux, y porte les mentions obligatoires, conserve la "
                "facture telle qu’elle a été confirmée et en remet un exemplaire au mandant.",
            ),
            (
                "Responsabilité",
                "Le mandant reste responsable du contenu de ses factures, de leur numérotation et de la TVA qui y figure, "
                "comme s’il les avait établies lui-même. Il ne peut se prévaloir d’une défaillance du mandataire pour "
                "s’y soustraire.",
            ),
            (
                "Durée",
                "Le mandat prend effet à la date de sa souscription, pour une durée indéterminée. Le mandant peut y mettre "
                "fin à tout moment, d’un clic, sans motif ; les factures déjà envoyées ne sont pas touchées.",
            ),
            ("Prix", "Ce mandat est gratuit."),
        ),
    ),
}
