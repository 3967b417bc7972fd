"""Read the directory: find a body, and what its sheet says."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from plainchant.einvoice.codes.identifier_types import SIRET_TYPE
from plainchant.portal.structures.models import Service, Structure
from plainchant.portal.structures.queries import public_bodies, services_open_on

from .search.finding import find
from .search.text import words_of


@dataclass(frozen=True)
class SearchPage:
    """One page of results, best first, inactive bodies last.

    ``total`` counts the bodies found; with ``is_total_exact`` False there are more than were looked at, and the user
    should be told to say more. ``corrected`` is what was searched instead of what was typed, for people to read; it is
    empty text when nothing short describes it, None when the text was searched as typed. ``unknown`` is the word that
    no body has, as it was typed, where it kept anything from being found.
    """

    results: list[Structure]
    total: int
    is_total_exact: bool
    has_more: bool
    corrected: str | None
    unknown: str = ""


def search(*, text: str, limit: int = 20, offset: int = 0, known: Collection[int] = ()) -> SearchPage:
    """Public bodies by name, town, postcode or SIRET, forgiving of accents, hyphens, abbreviations and typing slips.

    ``known`` are keys of structures that are likely meant: they come first among those that answer as well.
    """
    found = find(text[:300], known=known)
    keys = found.keys[offset : offset + limit]
    bodies = public_bodies().in_bulk(keys)
    results = [bodies[key] for key in keys if key in bodies]
    return SearchPage(
        results=results,
        total=len(found.keys),
        is_total_exact=found.is_complete,
        has_more=len(found.keys) > offset + limit,
        corrected=_as_written(found.mended, _texts_of(results[:1])) if found.mended else None,
        unknown=_as_written(found.unknown, [text]),
    )


def body(*, siret: str) -> Structure | None:
    """The public body of a SIRET, active or not."""
    return public_bodies().filter(identifier_type=SIRET_TYPE, identifier=siret).first()


def bodies_among(sirets: Collection[str]) -> set[str]:
    """Those of these SIRETs that public bodies have, active or not."""
    found = public_bodies().filter(identifier_type=SIRET_TYPE, identifier__in=sirets)
    return set(found.values_list("identifier", flat=True))


def services(*, structure: Structure, day: date, text: str = "") -> list[Service]:
    """The services that a private supplier can invoice on ``day``, by code; those whose code or name has every word."""
    return filtered(services_open_on(structure=structure, day=day, to_private_supplier=True), text=text)


def filtered(services: Iterable[Service], *, text: str) -> list[Service]:
    """Those whose code or name has every word of ``text``."""
    wanted = words_of(text)
    return [service for service in services if _has_all(words_of(f"{service.code} {service.name}"), wanted)]


def _has_all(words: list[str], wanted: list[str]) -> bool:
    return all(any(word.startswith(beginning) for word in words) for beginning in wanted)


def _texts_of(results: list[Structure]) -> list[str]:
    return [text for structure in results for text in (structure.name, structure.label, structure.city)]


def _as_written(words: tuple[str, ...], texts: list[str]) -> str:
    """Normal forms → their spelling in these texts, accents included."""
    spellings: dict[str, str] = {}
    for text in texts:
        for piece in text.replace("’", " ").replace("'", " ").replace("-", " ").split():
            for word in words_of(piece):
                spellings.setdefault(word, piece.strip(".,;()").lower())
    return " ".join(spellings.get(word, word) for word in words)
