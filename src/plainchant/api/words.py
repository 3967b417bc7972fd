"""The words that the interface has for things, by the key under which they stand: what the document says of them.

A request may hold others: they find nothing, or are refused by the operation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from plainchant.einvoice.codes.cadres import API_NAME_OF
from plainchant.einvoice.codes.identifier_types import IDENTIFIER_TYPES
from plainchant.einvoice.codes.invoice_types import INVOICE_TYPES
from plainchant.einvoice.codes.payment_means import PAYMENT_MODES
from plainchant.einvoice.codes.statuses import STATUS_CODES
from plainchant.einvoice.codes.works import WORKS_PIECES
from plainchant.einvoice.law.vat_regimes import VAT_REGIME_OF
from plainchant.portal.flows.declaration import SYNTAX_OF
from plainchant.portal.invoices.models import DepositMode
from plainchant.portal.rights.rights import Mode
from plainchant.portal.structures.models import Membership, StructureNature

_IDENTIFIERS = [row.code for row in IDENTIFIER_TYPES]
_STATUSES = [row.code for row in STATUS_CODES]
_CADRES = [*API_NAME_OF.values()]
_TYPES = [row.api for row in INVOICE_TYPES]
_TYPES_OF_WORKS = [row.type for row in WORKS_PIECES]
_KINDS = ["FACTURE", "FACTURE_TRAVAUX"]

_ROWS: tuple[tuple[str, Iterable[str]], ...] = (
    # Of one object, where the key means something else there.
    ("SoumettreFactureParam.modeDepot", ["SAISIE_API", "DEPOT_PDF_API", "DEPOT_PDF_SIGNE_API"]),
    ("StructureTrouvee.statut", ["ACTIVE", "INACTIVE"]),
    ("Espace.etatCourant", ["ACTIVE", "SUPPRIME"]),
    # Anywhere.
    ("affactureurTypeIdentifiant", _IDENTIFIERS),
    ("cadreFacturation", _CADRES),
    ("cadreFacturationPiecePrecedente", _CADRES),
    ("cadreFacturationPieceSuivante", _CADRES),
    ("codeCadreFacturation", _CADRES),
    ("coordBancairesFournisseurType", ["IBAN"]),
    ("derniereActionCode", ["TELECHARGEMENT_FACTURE", "TRAITEMENT_REJET"]),
    ("destinataireEtat", ["OUI", "NON"]),
    ("dpOuDpArchive", ["DEMANDE_PAIEMENT", "DP_ARCHIVE"]),
    ("formatDepot", ["PDF_NON_SIGNE", "PDF_SIGNE_PADES", "PDF_SIGNE_XADES"]),
    ("histoActionCode", ["TELECHARGEMENT_FACTURE", "TRAITEMENT_REJET"]),
    ("histoStatutCode", _STATUSES),
    ("listeTypeFacture", _TYPES),
    ("listeTypeFactureTravaux", _TYPES_OF_WORKS),
    ("modeDepot", DepositMode.values),
    ("modePaiement", [row.mode for row in PAYMENT_MODES]),
    ("nouveauStatut", _STATUSES),
    ("roleUtilisateur", ["FOURNISSEUR", "MOE", "MOA", "VALIDEUR", "DESTINATAIRE"]),
    ("statut", _STATUSES),
    ("statutCourant", _STATUSES),
    ("statutCourantCode", _STATUSES),
    ("statutFacture", _STATUSES),
    ("statutRattachement", Membership.State.values),
    ("statutStructure", ["ACTIF", "INACTIF"]),
    ("structurePriveePublique", StructureNature.values),
    ("syntaxeFlux", SYNTAX_OF),
    ("typeDemandePaiement", _KINDS),
    ("typeFacture", _TYPES),
    ("typeFactureTravaux", _TYPES_OF_WORKS),
    ("typeHabilitation", [*Mode]),
    ("typeIdentifiantDestinataire", _IDENTIFIERS),
    ("typeIdentifiantFournisseur", _IDENTIFIERS),
    ("typeIdentifiantMoa", _IDENTIFIERS),
    ("typeIdentifiantMoe", _IDENTIFIERS),
    ("typeIdentifiantStructure", _IDENTIFIERS),
    ("typeIdentifiantStructureDestinataire", _IDENTIFIERS),
    ("typeIdentifiantStructureFournisseur", _IDENTIFIERS),
    ("typeIdentifiantStructureMoa", _IDENTIFIERS),
    ("typeIdentifiantStructureMoe", _IDENTIFIERS),
    ("typeIdentifiantStructureValideur", _IDENTIFIERS),
    ("typeIdentifiantValideur", _IDENTIFIERS),
    ("typeIdentifiantValideur1", _IDENTIFIERS),
    ("typeIdentifiantValideur2", _IDENTIFIERS),
    ("typeStructure", StructureNature.values),
    ("typeTva", VAT_REGIME_OF),
)  # fmt: skip
WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {key: tuple(dict.fromkeys(str(word) for word in words if word)) for key, words in _ROWS}
)


def words_of(schema: str, key: str) -> tuple[str, ...]:
    """Those that may stand under ``key`` in an object of this name; empty where anything may."""
    return WORDS.get(f"{schema}.{key}", WORDS.get(key, ()))
