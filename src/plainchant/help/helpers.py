"""Who helps people with their invoices: the list of /aide/qui-aide/.

An operator writes another in a TOML file (PLAINCHANT_WHO_HELPS). Without one, it is the unions of artist-authors that
the guide this portal began with points to.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from .guide import Typeset

_LONGEST = 600  # characters of a text
_MOST = 40


class HelpersUnreadable(ValueError):
    """The file is no list of who helps; its text says why, in French."""


@dataclass(frozen=True, kw_only=True)
class HelperLink:
    """``label`` is what one reads; ``url`` leads to a page (https or http) or to a mailbox (mailto:)."""

    label: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Helper(Typeset):
    """An organisation: what it is called, whom it helps, where it is."""

    name: str
    text: str
    address: str = ""
    links: tuple[HelperLink, ...] = ()


def _sites(site: str, *, join: str = "", facebook: str = "") -> tuple[HelperLink, ...]:
    pages = (("Son site", site), ("Adhérer", join), ("Sa page Facebook", facebook))
    return tuple(HelperLink(label=label, url=url) for label, url in pages if url)


UNIONS: tuple[Helper, ...] = (
    Helper(
        name="USOPAVE",
        text="L’union de syndicats qui défend et informe les artistes-auteurs des arts visuels et de l’écrit : droits, "
        "contrats, cotisations, impôts. Ses membres répondent à leurs adhérents.",
        links=_sites("http://usopave.org/"),
    ),
    Helper(
        name="CAAP",
        text="Comité pluridisciplinaire des artistes-auteurs et des artistes-autrices.",
        links=_sites(
            "http://caap.asso.fr/",
            join="http://caap.asso.fr/spip.php?article4",
            facebook="https://www.facebook.com/caapartsvisuels/",
        ),
    ),
    Helper(
        name="SELF",
        text="Syndicat des écrivains de langue française.",
        links=_sites(
            "http://self-syndicat.fr/",
            join="http://self-syndicat.fr/a-propos/bulletin-dadhesion/",
            facebook="https://www.facebook.com/Syndicat.Ecrivains/",
        ),
    ),
    Helper(
        name="SNP",
        text="Syndicat national des photographes.",
        links=_sites(
            "http://www.snp.photo/",
            join="https://www.helloasso.com/associations/snp/adhesions/adhesion-annuelle",
            facebook="https://www.facebook.com/pg/SNP-syndicat-national-des-photographes-1091797200849257/posts/",
        ),
    ),
    Helper(
        name="UNPI",
        text="Union nationale des peintres-illustrateurs.",
        links=_sites("https://unpi.net/", join="https://unpi.net/adherer/"),
    ),
)


@cache
def helpers(path: str = "") -> tuple[Helper, ...]:
    """Those of the TOML file at ``path``, else the unions; read once. Raises `HelpersUnreadable`."""
    return read_helpers(Path(path)) if path else UNIONS


def read_helpers(path: Path) -> tuple[Helper, ...]:
    """Each ``[[qui]]``: ``nom``, ``texte``, ``adresse``, ``liens`` (label = address). Raises `HelpersUnreadable`."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("qui")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise HelpersUnreadable(f"le fichier ne se lit pas ({error})") from error
    if not isinstance(rows, list) or not 0 < len(rows) <= _MOST:
        raise HelpersUnreadable(f"il faut de un à {_MOST} blocs [[qui]]")
    return tuple(_helper(row, number) for number, row in enumerate(rows, 1))


def _helper(row: object, number: int) -> Helper:
    if not isinstance(row, dict):
        raise HelpersUnreadable("écrivez chaque organisation dans un bloc [[qui]]")
    unknown = sorted(set(row) - {"nom", "texte", "adresse", "liens"})
    if unknown:
        raise HelpersUnreadable(f"le bloc {number} contient « {unknown[0]} » : un bloc a nom, texte, adresse et liens")
    name, text, address = (_text(row.get(key, ""), key, number) for key in ("nom", "texte", "adresse"))
    if not name or not text:
        raise HelpersUnreadable(f"il manque le nom ou le texte du bloc {number}")
    links = row.get("liens", {})
    if not isinstance(links, dict):
        raise HelpersUnreadable(f'les liens du bloc {number} s’écrivent liens = {{ "Son site" = "https://…" }}')
    return Helper(name=name, text=text, address=address, links=tuple(_link(*link, number) for link in links.items()))


def _text(value: object, key: str, number: int) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise HelpersUnreadable(f"« {key} » du bloc {number} est un texte de {_LONGEST} signes au plus")
    return value.strip()


def _link(label: str, url: object, number: int) -> HelperLink:
    address = _text(url, label, number)
    parts = urlsplit(address)
    is_page = parts.scheme in ("http", "https") and bool(parts.hostname)
    if not is_page and not (parts.scheme == "mailto" and "@" in parts.path):
        raise HelpersUnreadable(f"le lien « {label} » du bloc {number} commence par https:// ou mailto:")
    return HelperLink(label=label, url=address)
