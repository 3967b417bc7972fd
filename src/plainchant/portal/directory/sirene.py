"""What Insee says of an establishment, to fill in the first form.

From an extract of Sirene that was imported, else from the public company search, if the operator has named one.

A convenience and never a condition: what is away, slow or unknown fills in nothing.
"""

from __future__ import annotations

import json
import logging
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from plainchant.portal.lib.fetching import fetched

from .models import Establishment

log = logging.getLogger(__name__)

SECONDS = 2.0  # to answer in all: somebody waits for the page
_MOST_BYTES = 256 * 1024
_CLOSED, _PARTLY_PUBLIC = "F", "P"  # etatAdministratif, statutDiffusion
_NOT_PUBLIC = "[ND]"  # what Insee writes in place of what it does not publish


@dataclass(frozen=True, kw_only=True)
class EstablishmentIdentity:
    """Name and address, "" where they are not known. ``is_masked``: Insee was asked to publish neither."""

    name: str = ""
    address_line: str = ""
    address_extra_1: str = ""
    postcode: str = ""
    city: str = ""
    is_open: bool = True
    is_masked: bool = False


def identity_of(*, siret: str) -> EstablishmentIdentity | None:
    """What is known of a SIRET; None where nothing is, or nobody answers in time. Never raises for what is far away."""
    row = Establishment.objects.filter(siret=siret).first()
    if row is not None:
        return EstablishmentIdentity(
            name=row.name,
            address_line=row.address_line,
            address_extra_1=row.address_extra_1,
            postcode=row.postcode,
            city=row.city,
            is_open=row.is_open,
            is_masked=row.is_masked,
        )
    return _asked(siret) if settings.COMPANY_SEARCH_URL else None


def _asked(siret: str) -> EstablishmentIdentity | None:
    request = urllib.request.Request(  # noqa: S310 - the operator's own setting, http or https: `faults`
        f"{settings.COMPANY_SEARCH_URL}?{urlencode({'q': siret, 'per_page': 1})}",
        headers={"Accept": "application/json", "User-Agent": "Plainchant"},
    )
    try:
        content = fetched(request, seconds=SECONDS, most_bytes=_MOST_BYTES)
        return _understood(json.loads(content), siret)
    except (OSError, HTTPException, ValueError) as error:
        log.warning("the company search gave nothing: %s", type(error).__name__)
        return None


def _understood(answer: Any, siret: str) -> EstablishmentIdentity | None:
    """The establishment among the companies that were found. ValueError: the answer has another shape."""
    try:
        for company in answer["results"]:
            for row in [*company.get("matching_etablissements", ()), company.get("siege") or {}]:
                if row.get("siret") == siret:
                    return _identity(company, row)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError("another shape") from error
    return None


def _identity(company: dict[str, Any], row: dict[str, Any]) -> EstablishmentIdentity:
    is_open = row.get("etat_administratif") != _CLOSED
    if _PARTLY_PUBLIC in (row.get("statut_diffusion_etablissement"), company.get("statut_diffusion")):
        return EstablishmentIdentity(is_open=is_open, is_masked=True)
    postcode, city = public(row.get("code_postal")), public(row.get("libelle_commune"))
    return EstablishmentIdentity(
        name=public(company.get("nom_raison_sociale") or company.get("nom_complet"))[:201],
        address_line=public(row.get("adresse")).removesuffix(f"{postcode} {city}").strip()[:255],
        postcode=postcode[:10],
        city=city[:100],
        is_open=is_open,
    )


def public(value: object) -> str:
    """A text of Insee's on one line, "" in place of one that it does not publish."""
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return "" if _NOT_PUBLIC in text else text
