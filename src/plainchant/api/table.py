"""Every operation of the interface. One that is not here is answered by nobody."""

from __future__ import annotations

from .engagements.rechercher import rechercher_engagements
from .extension.check import check
from .extension.convert import convert
from .factures.a_traiter import (
    rechercher_a_traiter_fournisseur,
    rechercher_a_traiter_recipiendaire,
    rechercher_a_traiter_valideur,
)
from .factures.completer import completer
from .factures.consulter import consulter_fournisseur, consulter_recipiendaire, consulter_valideur
from .factures.consulter_historique import consulter_historique
from .factures.deposer_flux import deposer_flux
from .factures.deposer_pdf import deposer_pdf
from .factures.rechercher_demande_paiement import rechercher_demande_paiement
from .factures.rechercher_fournisseur import rechercher_fournisseur
from .factures.rechercher_recipiendaire import rechercher_recipiendaire
from .factures.rechercher_valideur import rechercher_valideur
from .factures.recycler import recycler
from .factures.soumettre import soumettre
from .factures.telecharger_groupe import telecharger_groupe
from .factures.traiter_recue import traiter_recue
from .factures.traiter_rejet import traiter_rejet
from .factures.validation import corriger_valideur, recuperer_statuts_valideur, traiter_facture_a_valider
from .operation import Operation
from .organisations.directory import (
    check_organisations,
    list_pieces_of_organisation,
    list_services_of_organisation,
    read_organisation,
    read_piece_of_organisation,
    read_service_of_organisation,
    search_organisations,
    search_services_of_organisations,
)
from .structures.consulter import consulter_structure
from .structures.rechercher import rechercher_structure
from .structures.services import consulter_service, rechercher_services
from .structures.spaces import lister_rattachements, rechercher_espaces
from .transverses.ajouter_fichier import ajouter_fichier
from .transverses.consulter_cr import consulter_cr
from .transverses.consulter_cr_detaille import consulter_cr_detaille
from .transverses.directory import (
    consulter_information_siret,
    rechercher_destinataire,
    rechercher_service_executant,
    telecharger_annuaire,
)
from .transverses.health_check import health_check
from .transverses.kept_documents import detacher_piece_jointe, rechercher_pj_moncompte, rechercher_pj_structure
from .transverses.lists import CODE_LISTS
from .transverses.own_structures import (
    STRUCTURES_OF_SPACES,
    recuperer_coordbanc,
    recuperer_structures_pour_utilisateur,
)
from .transverses.sollicitations import rechercher_categories, rechercher_sous_categories
from .transverses.telecharger_piece_jointe import telecharger_piece_jointe
from .travaux.rechercher import rechercher_travaux
from .utilisateurs.rattachements import recuperer_rattachements

TABLE: tuple[Operation, ...] = (
    check,
    convert,
    soumettre,
    deposer_flux,
    deposer_pdf,
    rechercher_fournisseur,
    rechercher_recipiendaire,
    rechercher_valideur,
    rechercher_a_traiter_fournisseur,
    rechercher_a_traiter_recipiendaire,
    rechercher_a_traiter_valideur,
    rechercher_demande_paiement,
    consulter_fournisseur,
    consulter_recipiendaire,
    consulter_valideur,
    consulter_historique,
    telecharger_groupe,
    traiter_recue,
    completer,
    recycler,
    traiter_rejet,
    traiter_facture_a_valider,
    corriger_valideur,
    recuperer_statuts_valideur,
    rechercher_structure,
    consulter_structure,
    rechercher_services,
    consulter_service,
    rechercher_espaces,
    lister_rattachements,
    health_check,
    consulter_cr,
    consulter_cr_detaille,
    ajouter_fichier,
    rechercher_destinataire,
    rechercher_service_executant,
    consulter_information_siret,
    telecharger_annuaire,
    telecharger_piece_jointe,
    rechercher_pj_structure,
    rechercher_pj_moncompte,
    detacher_piece_jointe,
    rechercher_categories,
    rechercher_sous_categories,
    *CODE_LISTS,
    *STRUCTURES_OF_SPACES,
    recuperer_structures_pour_utilisateur,
    recuperer_coordbanc,
    recuperer_rattachements,
    rechercher_travaux,
    rechercher_engagements,
    check_organisations,
    search_organisations,  # before what has a name in its place
    search_services_of_organisations,
    read_organisation,
    list_services_of_organisation,
    list_pieces_of_organisation,
    read_piece_of_organisation,
    read_service_of_organisation,
)
