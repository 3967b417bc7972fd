"""What an answer of consulter holds, object by object, and the requests for pages of its lists."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from plainchant.api.operation import Retour, WireObject, WireRequest
from plainchant.api.values import Id, Minute

Direction = Literal["Ascendant", "Descendant"]


class ParamRechercheLigneRecapTva(WireRequest):
    pageResultatDemandeeListeRecapitulatifTVA: Id | None = None
    nbResultatsParPageListeListeRecapitulatifTVA: Id | None = None
    triSensListeRecapitulatifTVA: Direction | None = None
    triColonneListeRecapitulatifTVA: str = ""


class ParamRechercheListePiecesJointes(WireRequest):
    pageResultatDemandeeListePieceJointe: Id | None = None
    nbResultatsParPageListePieceJointe: Id | None = None
    triSensListePiecesJointes: Direction | None = None
    triColonneListePiecesJointes: str = ""


class ParamRechercheLignesPoste(WireRequest):
    pageResultatDemandeeLignesPoste: Id | None = None
    nbResultatsParPageLignesPoste: Id | None = None
    triSensListeLignesPoste: Direction | None = None
    triColonneListeLignesPoste: str = ""


class Destinataire(WireObject, kw_only=True):
    idDestinataire: int | None = None
    codeDestinataire: str | None = None
    libelleDestinataire: str | None = None
    idServiceExecutant: int | None = None
    codeServiceExecutant: str | None = None
    libelleServiceExecutant: str | None = None
    adresseDestinataireId: int | None = None
    adresseDestinataireDetail: str | None = None
    adresseDestinataireComplement1: str | None = None
    adresseDestinataireComplement2: str | None = None
    adresseDestinataireCodePostal: str | None = None
    adresseDestinataireVille: str | None = None
    adresseDestinataireCodePays: str | None = None
    adresseDestinataireLibellePays: str | None = None


class DestinataireDeFactureEmise(Destinataire):
    miseEnPaiementDestinataire: bool | None = None
    designationDestinataire: str | None = None


class DestinataireDeFactureRecue(Destinataire):
    destinataireEtat: str | None = None


class Affactureur(WireObject, kw_only=True):
    """Factors are not here: nothing of it is ever set."""

    affactureurId: int | None = None
    affactureurCode: str | None = None
    affactureurTypeIdentifiant: str | None = None
    affactureurRaisonSociale: str | None = None
    affactureurCodePays: str | None = None


class Fournisseur(WireObject, kw_only=True):
    idFournisseur: int
    typeIdentifiantFournisseur: str
    codeFournisseur: str
    designationFournisseur: str
    idServiceFournisseur: int | None = None
    codeServiceFournisseur: str | None = None
    libelleServiceFournisseur: str | None = None
    adresseFournisseurId: int | None = None
    adresseFournisseurDetail: str | None = None
    adresseFournisseurComplement1: str | None = None
    adresseFournisseurComplement2: str | None = None
    adresseFournisseurCodePostal: str | None = None
    adresseFournisseurVille: str | None = None
    adresseFournisseurCodePays: str | None = None
    adresseFournisseurLibellePays: str | None = None
    numeroRcsFournisseur: str | None = None
    coordBancairesFournisseurCleIban: str | None = None
    coordBancairesFournisseurCleRib: str | None = None
    coordBancairesFournisseurCodeBanque: str | None = None
    coordBancairesCodeGuichet: str | None = None
    coordBancairesBicSwift: str | None = None
    coordBancairesFournisseurCodePays: str | None = None
    coordBancairesFournisseurCompteBancaire: str | None = None
    coordBancairesFournisseurId: int | None = None
    coordBancairesFournisseurType: str | None = None
    coordBancairesFournisseurLibelle: str | None = None
    affactureur: Affactureur | None = None


class FournisseurDeFactureEmise(Fournisseur):
    raisonSocialeFournisseur: str | None = None
    nomFournisseur: str | None = None
    prenomFournisseur: str | None = None


class CadreDeFacturationOutput(WireObject, kw_only=True):
    codeCadreFacturation: str
    idValideur1: int | None = None
    typeIdentifiantValideur1: str | None = None
    codeValideur1: str | None = None
    raisonSocialeValideur1: str | None = None
    nomValideur1: str | None = None
    prenomValideur1: str | None = None
    dateValidation1: date | None = None
    idValideur2: int | None = None
    typeIdentifiantValideur2: str | None = None
    codeValideur2: str | None = None
    raisonSocialeValideur2: str | None = None
    nomValideur2: str | None = None
    prenomValideur2: str | None = None
    dateValidation2: date | None = None
    idMoe: int | None = None
    typeIdentifiantMoe: str | None = None
    identifiantMoe: str | None = None
    raisonSocialeMoe: str | None = None
    nomMoe: str | None = None
    prenomMoe: str | None = None
    idServiceMoe: int | None = None
    codeServiceMoe: str | None = None
    nomServiceMoe: str | None = None
    idMoa: int | None = None
    typeIdentifiantMoa: str | None = None
    identifiantMoa: str | None = None
    raisonSocialeMoa: str | None = None
    idServiceMoa: int | None = None
    codeServiceMoa: str | None = None
    nomServiceMoa: str | None = None
    designationValideur2: str | None = None
    designationMoe: str | None = None
    designationMoa: str | None = None


class PiecePrecedente(WireObject, kw_only=True):
    cadreFacturationPiecePrecedente: str | None = None
    idPiecePrecedente: int | None = None
    numeroPiecePrecedente: str | None = None
    idDestinatairePiecePrecedente: int | None = None
    identifiantDestinatairePiecePrecedente: str | None = None
    raisonSocialeDestinatairePiecePrecedente: str | None = None
    idServiceExecutantPiecePrecedente: int | None = None
    codeServiceExecutantPiecePrecedente: str | None = None
    nomServiceExecutantPiecePrecedente: str | None = None


class PieceSuivanteDeFactureEmise(WireObject, kw_only=True):
    """The last key is spelt so on the wire."""

    cadreFacturationPieceSuivante: str | None = None
    idPieceSuivante: int | None = None
    numeroPieceSuiante: str | None = None


class PieceSuivante(WireObject, kw_only=True):
    cadreFacturationPieceSuivante: str | None = None
    idPieceSuivante: int | None = None
    numeroPieceSuivante: str | None = None


class References(WireObject, kw_only=True):
    dateFacture: date | None = None
    dateDepot: date | None = None
    codeDeviseFacture: str
    libelleDeviseFacture: str | None = None
    typeFacture: str
    typeFactureTravaux: str | None = None
    typeTva: str | None = None
    motifExonerationTva: str | None = None
    libelleMotifExonerationTva: str | None = None
    numeroMarche: str | None = None
    numeroBonCommande: str | None = None
    numeroFactureOrigine: str | None = None
    modePaiement: str | None = None
    dateCreationFacture: Minute
    dateEcheancePaiement: date | None = None
    tailleTotalePiecesJointes: int
    numeroDpMandat: str | None = None


class LigneTva(WireObject, kw_only=True):
    ligneTvaTauxRefId: int | None = None
    ligneTvaTauxRefCode: str | None = None
    ligneTvaTauxRefLibelle: str | None = None
    ligneTvaTauxRefValeur: Decimal | None = None
    ligneTvaTauxManuel: Decimal | None = None
    ligneTvaMontantBaseHtParTaux: Decimal
    ligneTvaMontantTvaParTaux: Decimal


class LignesTva(WireObject):
    ligneTva: list[LigneTva]
    pageCouranteLignesRecapitulativesTVA: int
    pagesLignesRecapitulativesTVA: int
    nbResultatsParPageLignesRecapitulativesTVA: int
    totalLignesRecapitulativesTVA: int


class MontantTotal(WireObject, kw_only=True):
    montantHtTotal: Decimal | None = None
    montantTVA: Decimal | None = None
    montantTtcAvantRemiseGlobalTTC: Decimal | None = None
    montantRemiseGlobaleTTC: Decimal | None = None
    motifRemiseGlobaleTTC: str | None = None
    montantTtcTotal: Decimal | None = None
    montantAPayer: Decimal | None = None


class PiecejointePrincipale(WireObject):
    idLiaisonPieceJointePrincipale: int
    idPieceJointePrincipale: int


class PieceJointe(WireObject, kw_only=True):
    pieceJointeTypeCode: str
    pieceJointeTypeLibelle: str
    pieceJointeDesignation: str
    pieceJointeNumeroLigneFacture: int | None = None
    pieceJointeIdLiaison: int
    pieceJointeId: int
    pieceJointeExtension: str


class PiecesJointes(WireObject):
    pieceJointe: list[PieceJointe]
    pageCouranteListePiecesJointe: int
    pagesListePiecesJointe: int
    nbResultatsParPageListePiecesJointe: int
    totalListePiecesJointe: int


class LignePoste(WireObject, kw_only=True):
    lignePosteNumero: int
    lignePosteReference: str | None = None
    lignePosteDenomination: str
    lignePosteQuantite: Decimal
    lignePosteUniteCode: int | None = None
    lignePosteUniteLibelle: str
    lignePosteMontantUnitaireHT: Decimal
    lignePosteMontantRemiseHT: Decimal | None = None
    lignePosteTauxTva: str | None = None
    lignePosteTauxTvaManuel: Decimal | None = None
    lignePosteMontantHtApresRemise: Decimal
    lignePosteMontantTva: Decimal | None = None
    lignePosteMontantTtcApresRemise: Decimal | None = None


class LignesPostes(WireObject):
    lignePoste: list[LignePoste]
    pageCouranteLignesPoste: int
    pagesLignesPoste: int
    nbResultatsParPageLignesPoste: int
    totalLignesPoste: int


class Facture(WireObject, kw_only=True):
    identifiantFactureCPP: int
    numeroFacture: str
    statutFacture: str
    modeDepot: str
    cadreDeFacturation: CadreDeFacturationOutput
    references: References
    recapitulatifDeTva: LignesTva
    montantTotal: MontantTotal
    pieceJointePrincipale: PiecejointePrincipale | None = None
    listeDesPiecesJointes: PiecesJointes
    piecePrecedente: PiecePrecedente | None = None
    lignesDePoste: LignesPostes
    commentaire: str | None = None


class FactureEmise(Facture, kw_only=True):
    rejetTraite: bool
    destinataire: DestinataireDeFactureEmise
    fournisseur: FournisseurDeFactureEmise
    pieceSuivante: PieceSuivanteDeFactureEmise | None = None


class FactureRecue(Facture, kw_only=True):
    destinataire: DestinataireDeFactureRecue
    fournisseur: Fournisseur
    pieceSuivante: PieceSuivante | None = None


class WsRetourFacturesEmises(Retour):
    facture: FactureEmise


class WsRetourFacturesRecues(Retour):
    facture: FactureRecue
