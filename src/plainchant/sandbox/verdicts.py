"""What Chorus Pro would have said to a call, and why; and how sure that is, of which nobody can say more than we know.

The codes that are known come from Chorus Pro's published descriptions, from programs that others publish, and from
calls that somebody has made and written about. Of everything else nobody outside knows the answer: decision 0092.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

import msgspec

from plainchant.api.operation import Operation
from plainchant.api.table import TABLE
from plainchant.portal.codes import explain
from plainchant.portal.flows.operations import STOPPED

from .exchanges import Exchange
from .faults import KINDS


class Sureness(StrEnum):
    """How it is known what Chorus Pro answers; the value is what the page says."""

    SEEN = "Vu : des appels au vrai service ont eu cette réponse, ou sa documentation publique la donne."
    READ = "Lu : un programme publié, ou une copie des annexes, attend cette réponse."
    SHAPE = (
        "La forme de ce compte rendu est connue. Les mots de chaque refus, et leurs règles, sont ceux de ce portail."
    )
    GUESSED = "Supposé : cela ressemble à ce que Chorus Pro répond à une demande voisine."
    UNKNOWN = "Personne ne le sait : aucun document public ne donne ce code. Il ne sera pas 0 ; c’est tout."


@dataclass(frozen=True)
class Reason:
    """One thing that is wrong: the rule that says so, the field it is about, the sentence, what to do."""

    rule: str
    sentence: str
    mend: str = ""
    where: str = ""


@dataclass(frozen=True)
class ChorusVerdict:
    """``says``: what the answer is, in a French sentence; ``notes``: what differs here, or what comes later."""

    says: str
    sureness: Sureness | None
    reasons: list[Reason] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


_OF_STATUS: dict[int, tuple[str, Sureness]] = {
    400: ("La requête ne peut pas être lue, ou ne porte pas de jeton.", Sureness.SEEN),
    401: ("Le jeton ou le compte technique n’est pas reconnu.", Sureness.READ),
    403: ("Cette adresse n’existe pas : Chorus Pro répond {} et non 404.", Sureness.SEEN),
    413: ("La requête est trop lourde.", Sureness.SEEN),
    415: ("Le corps n’est pas annoncé comme du JSON.", Sureness.SEEN),
    429: ("Trop d’appels en une seconde.", Sureness.UNKNOWN),
    500: ("Le portail est en panne.", Sureness.READ),
    503: ("Une partie du portail est arrêtée.", Sureness.UNKNOWN),
    504: ("La réponse s’est perdue en route.", Sureness.UNKNOWN),
}
# How an address ends, codeRetour, how the libelle begins → how that is known. An empty ending is any operation.
_OF_RETOUR: dict[tuple[str, int, str], Sureness] = {
    ("", 20001, "POQ_MSG_01.003"): Sureness.SEEN,
    ("factures/v1/rechercher/recipiendaire", 20000, "TRA_MSG_00.015"): Sureness.READ,
    ("facturesTravaux/v1/rechercher", 20007, "GFT_MSG_01.075"): Sureness.READ,
    ("completer", 20000, "GDP_MSG_11.008"): Sureness.READ,
    ("", 20000, "GDP_MSG_11.008"): Sureness.GUESSED,
    ("completer", 20001, "GDP_MSG_11.005"): Sureness.READ,
    ("", 20001, "GDP_MSG_11.005"): Sureness.GUESSED,
    ("completer", 20002, "GDP_MSG_11.033"): Sureness.READ,
    ("", 20002, "GDP_MSG_11.001"): Sureness.READ,
    ("traiter/recue", 20002, "status_has_changed"): Sureness.READ,
    ("deposer/flux", 20001, "GDP_MSG_11.022"): Sureness.READ,
    ("ajouter/fichier", 20003, "file_too_heavy"): Sureness.READ,
    ("deposer/flux", 20001, "GDP_MSG_01.001"): Sureness.GUESSED,
    ("deposer/flux", 20002, "GDP_MSG_01.002"): Sureness.GUESSED,
}
_NOTES = {
    "/cpro/factures/v1/soumettre": (
        "Les totaux sont calculés ici à partir des lignes ; ceux de la requête qui diffèrent sont refusés. Ce que "
        "Chorus Pro en fait n’est écrit nulle part."
    ),
    "/cpro/factures/v1/deposer/pdf": (
        "Aucune facture n’existe avant « soumettre ». Chorus Pro a un état pour elle, INTERPRETEE_OCR ; ici, il n’y "
        "en a pas."
    ),
    "/cpro/factures/v1/deposer/flux": (
        "Le flux est seulement reçu. « consulterCRDetaille » dit ensuite ce que devient chaque facture."
    ),
    "/cpro/structures/v1/rechercher": (
        "Les structures privées des autres ne sont jamais listées ici. Une recherche vide répond 0 et une liste vide."
    ),
}
_STATES = {
    "IN_INTEGRE": "Toutes les factures du flux sont prises.",
    "IN_INTEGRE_PARTIEL": "Une partie des factures est prise ; les autres sont à corriger, puis à renvoyer seules.",
    "IN_REJETE": "Aucune facture du flux n’est prise : corrigez, puis renvoyez-les.",
    "IN_INCIDENTE": "Un incident a arrêté le flux. Chorus Pro demande de le renvoyer.",
}


def verdict_on(exchange: Exchange) -> ChorusVerdict:
    """What to say of an exchange, whatever was answered."""
    answer = _json(exchange.response)
    notes = [*_notes(exchange, answer)]
    if exchange.fault and KINDS[exchange.fault].status != 200:
        return ChorusVerdict(f"Panne demandée au bac à sable : {KINDS[exchange.fault].says}.", None, [], notes)
    if exchange.status != 200:
        words, sureness = _OF_STATUS.get(exchange.status, ("La requête est refusée.", Sureness.UNKNOWN))
        why = str(answer.get("libelle") or answer.get("error_description") or "")
        return ChorusVerdict(words, sureness, [Reason(f"HTTP {exchange.status}", why)] if why else [], notes)
    if exchange.retour:
        return _refused(exchange, exchange.retour, answer, notes)
    reasons = _of_report(answer)
    known = None if exchange.retour is None else Sureness.SHAPE if reasons else Sureness.SEEN
    return ChorusVerdict(_went_well(answer), known, reasons, notes)


def _refused(exchange: Exchange, retour: int, answer: dict[str, Any], notes: list[str]) -> ChorusVerdict:
    ours = answer.get("plainchant") or {}
    libelle = str(answer.get("libelle", ""))
    key = libelle.split(" - ", 1)[0]
    code = str(ours.get("code", ""))
    found = [
        _OF_RETOUR[ending, number, begins]
        for ending, number, begins in _OF_RETOUR
        if number == retour and begins in (key, code) and exchange.operation.endswith(ending)
    ]
    sureness = found[0] if found else Sureness.UNKNOWN
    reasons = [_reason(each) for each in ours.get("findings") or [ours] if each]
    says = f"codeRetour {retour}, et un texte qui commence par « {key} »."
    return ChorusVerdict(says, sureness, reasons, notes)


def _reason(row: dict[str, Any]) -> Reason:
    rule = str(row.get("code", ""))
    facts = [fact for each in explain(rule)[:1] for fact in each.facts if fact.startswith("Livre")]
    sentence = " ".join([str(row.get("message", "")), *facts])
    return Reason(rule, sentence, str(row.get("mend", "")), str(row.get("field", "")))


def _went_well(answer: dict[str, Any]) -> str:
    state = answer.get("etatCourantFlux") or answer.get("etatCourantDepotFlux")
    if state:
        return f"{state}. {_STATES.get(str(state), 'Le flux n’est pas encore traité : redemandez plus tard.')}"
    return "L’appel a réussi."


def _of_report(answer: dict[str, Any]) -> list[Reason]:
    """What a detailed report says of invoices, and of the flow."""
    report = answer.get("plainchant") if "listeErreurDP" in answer else None
    rows = report.get("listeErreurDP", []) if isinstance(report, dict) else []
    technical = answer.get("listeErreurTechnique") or []
    return [
        *(Reason(str(row.get("codeErreur", "")), str(row.get("libelleErreur", ""))) for row in technical),
        *(
            Reason(
                str(row["codeErreur"]),
                " ".join([f"Facture {row['numeroDP']} :" if row["numeroDP"] else "", row["libelleErreurDP"]]).strip(),
                str(row.get("correction", "")),
                " ".join(filter(None, [row.get("champ"), row.get("chemin")])),
            )
            for row in rows
        ),
    ]


def _notes(exchange: Exchange, answer: dict[str, Any]) -> Iterator[str]:
    if exchange.fault and KINDS[exchange.fault].status == 200:
        yield f"Panne demandée au bac à sable : {KINDS[exchange.fault].says}."
    if any(row.get("codeErreur") == STOPPED for row in answer.get("listeErreurTechnique") or []):
        yield "Cet incident a été demandé au bac à sable. Chorus Pro n’en dit pas la cause."
    if exchange.operation in _NOTES:
        yield _NOTES[exchange.operation]
    unread = _unread(exchange)
    if unread:
        yield f"Personne ne lit ces clés de votre requête : {', '.join(unread)}. Vérifiez leur orthographe."


def _unread(exchange: Exchange) -> list[str]:
    """The first keys of a request that its operation does not have."""
    operation = _operations().get(exchange.operation)
    if operation is None or operation.method == "GET":
        return []
    return [name for name in _json(exchange.request) if name not in _keys(operation.request)]


@cache
def _keys(request: type) -> frozenset[str]:
    names: set[str] = set()
    described: Any = msgspec.inspect.type_info(request)
    for each in described.fields:
        names |= {each.encode_name, *((getattr(each.type, "extra", None) or {}).get("also", ()))}
    return frozenset(names)


@cache
def _operations() -> dict[str, Operation]:
    return {row.path: row for row in TABLE}


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
