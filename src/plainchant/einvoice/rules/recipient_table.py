"""What a recipient demands, the rows. The portal's forms, its flows and the rules on whole invoices tell the same."""

from __future__ import annotations

from plainchant.einvoice.rule import Rule, table

# fmt: off
_ROWS: tuple[tuple[str, str, str, str], ...] = (
    ("ANNUAIRE-DESTINATAIRE-INCONNU", "BT-47", "The recipient is in the directory.", "Aucun destinataire de l’annuaire n’a le SIRET {value}. Vérifiez-le auprès de votre client."),
    ("ANNUAIRE-DESTINATAIRE-INACTIF", "BT-47", "The recipient is active.", "{name} ne reçoit plus de factures : sa fiche est inactive dans l’annuaire. Demandez à l’acheteur le SIRET qui l’a remplacée."),
    ("ANNUAIRE-DESTINATAIRE-REMPLACE", "BT-47", "The recipient has the SIRET that it has today.", "{name} a changé de SIRET : adressez la facture au {replacement}. Choisissez cette fiche dans l’annuaire, ou corrigez le SIRET."),
    ("ANNUAIRE-SERVICE-INCONNU", "BT-10", "The service belongs to the recipient.", "{name} n’a pas de service « {value} » (code service). Choisissez un de ses services, ou demandez le bon code à la personne qui a commandé."),
    ("ANNUAIRE-SERVICE-RESERVE", "BT-10", "The service takes the invoices of private sellers.", "Le service « {value} » est réservé aux factures entre structures publiques. Choisissez-en un autre, ou demandez le code à la personne qui a commandé."),
    ("ANNUAIRE-SERVICE-INACTIF", "BT-10", "The service is open on that day.", "Le service « {service} » (code service {value}) {closed}. Choisissez-en un autre, ou demandez à l’acheteur lequel le remplace."),
    ("ANNUAIRE-SERVICE-ABSENT", "BT-10", "A service is given where it is wanted.", "{name} demande le service à facturer (code service), et il manque. Choisissez-le parmi ses services ; si vous hésitez, demandez-le à la personne qui a commandé."),
    ("ANNUAIRE-ENGAGEMENT-ABSENT", "BT-13", "A commitment number is given where it is wanted.", "{name} demande le numéro d’engagement, que l’acheteur vous donne avec sa commande, et il manque. Il est écrit sur le bon de commande ou le contrat ; sinon, demandez-le à la personne qui a commandé."),
    ("ANNUAIRE-ENGAGEMENT-INCONNU", "BT-13", "The commitment is one of the recipient's.", "Numéro d’engagement inconnu de cet organisme. {name} n’a pas d’engagement « {value} » à votre nom, et n’accepte que ceux de sa liste. Vérifiez-le sur le bon de commande, ou demandez-le à la personne qui a commandé."),
    ("ANNUAIRE-ENGAGEMENT-A-VERIFIER", "BT-13", "The commitment is probably one of the recipient's.", "Numéro d’engagement inconnu de cet organisme. {name} n’a pas d’engagement « {value} » à votre nom. Vérifiez-le sur le bon de commande ; s’il est juste, envoyez votre facture quand même."),
    ("ANNUAIRE-SERVICE-OU-ENGAGEMENT", "BT-10 BT-13", "A service or a commitment is given where one is wanted.", "{name} demande le service à facturer (code service), ou le numéro d’engagement, que l’acheteur vous donne avec sa commande. Donnez l’un des deux ; sans eux, la facture ne peut pas être envoyée."),
)
# fmt: on
_REMARKS = {"ANNUAIRE-ENGAGEMENT-A-VERIFIER"}
RULES: dict[str, Rule] = table(
    Rule(rule, tuple(terms.split()), english, french, "warning" if rule in _REMARKS else "fatal")
    for rule, terms, english, french in _ROWS
)
