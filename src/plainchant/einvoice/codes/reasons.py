"""Why a recipient stops an invoice, or a validator or who directs works refuses it: one table, the code with the words, and what each allows.

Codes: XP Z12-012 life-cycle reasons for public buyers (FNFE, V1.4.0, 30 June 2026): status 208 suspended, 210
refused, 221 routing error. The classic portal only had free text; the text stays beside the code.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MoveReason:
    """``actions``: the lifecycle actions it may explain, none for any. ``mend``: what the supplier should do about it.

    ``asks_another``: whether a supplier who is refused with it usually makes another invoice.
    """

    code: str
    label: str
    actions: tuple[str, ...]
    mend: str
    asks_another: bool = True


_REFUSE = ("refuse", "refuse_second")  # a validator's
_REFUSE_PIECE = ("refuse_as_moe", "refuse_as_moa")  # of works: an amount is corrected in the next piece, and no reason

REASONS: tuple[MoveReason, ...] = (
    MoveReason("JUSTIF_ABS", "Il manque un justificatif", ("suspend", "ask_complement"), "Joignez le document demandé, puis renvoyez la facture."),
    MoveReason("COORD_BANC_ERR", "Les coordonnées bancaires sont absentes ou ne conviennent pas", ("suspend", "reject"), "Joignez un RIB à jour."),
    MoveReason("REF_CT_ABSENT", "La référence du marché ou du contrat manque", ("suspend", "reject", "ask_complement", *_REFUSE, *_REFUSE_PIECE), "Indiquez la référence dans le commentaire, ou joignez le contrat."),
    MoveReason("REF_ERR", "Une référence ne correspond pas", ("suspend", "ask_complement"), "Vérifiez les références avec votre interlocuteur, puis répondez dans le commentaire."),
    MoveReason("SIRET_ERR", "Ce n’est pas le bon destinataire (SIRET)", ("send_back", "suspend"), "Choisissez le bon destinataire dans l’annuaire."),
    MoveReason("CODE_ROUTAGE_ERR", "Ce n’est pas le bon service", ("send_back", "suspend"), "Choisissez le bon service (code service)."),
    MoveReason("CMD_ERR", "Le numéro d’engagement manque ou ne convient pas", ("send_back", "suspend", "reject"), "Demandez le numéro d’engagement à votre interlocuteur."),
    MoveReason("MONTANTTOTAL_ERR", "Le montant total ne convient pas", ("admit_part", "reject", *_REFUSE), "Émettez une nouvelle facture avec le bon montant."),
    MoveReason("TX_TVA_ERR", "Le taux de TVA ne convient pas", ("admit_part", "reject", *_REFUSE), "Émettez une nouvelle facture avec le bon taux."),
    MoveReason("CALCUL_ERR", "Il y a une erreur de calcul", ("admit_part", "reject", *_REFUSE), "Émettez une nouvelle facture avec les bons calculs."),
    MoveReason("NON_CONFORME", "Une mention obligatoire manque", ("reject", *_REFUSE, *_REFUSE_PIECE), "Émettez une nouvelle facture complète."),
    MoveReason("DOUBLON", "La facture a déjà été reçue", ("reject", *_REFUSE, *_REFUSE_PIECE), "Rien à faire si l’autre facture suit son cours.", asks_another=False),
    MoveReason("DEST_ERR", "Nous ne sommes pas l’acheteur", ("reject", "send_back"), "Vérifiez qui a passé la commande."),
    MoveReason("LIVR_INCOMP", "La prestation n’est pas terminée", ("admit_part", "reject", "suspend", *_REFUSE, *_REFUSE_PIECE), "Terminez la prestation, ou voyez avec votre interlocuteur."),
    MoveReason("CONTRAT_TERM", "Le contrat est terminé", ("reject", *_REFUSE, *_REFUSE_PIECE), "Voyez avec votre interlocuteur."),
    MoveReason("TRANSAC_INC", "Nous ne reconnaissons pas cette commande", ("reject", *_REFUSE, *_REFUSE_PIECE), "Voyez avec votre interlocuteur."),
    MoveReason("ST_CT_NON_DECLAR", "Le sous-traitant ou le cotraitant n’est pas déclaré", ("reject", *_REFUSE), "Voyez avec le titulaire du marché : l’acheteur doit vous avoir agréé."),
    MoveReason("TRANSF_PMNT_REGIE", "La facture sera payée autrement (régie)", ("reject",), "Voyez avec votre interlocuteur.", asks_another=False),
    MoveReason("AUTRE", "Autre raison", (), "Lisez le message du destinataire."),
)  # fmt: skip
REASON_OF = {reason.code: reason for reason in REASONS}


def reasons_for(action: str) -> tuple[MoveReason, ...]:
    """The reasons that one may choose for this action, in the table's order."""
    return tuple(reason for reason in REASONS if not reason.actions or action in reason.actions)
