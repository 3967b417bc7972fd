"""What a sender says a flow is (syntaxeFlux, or the flow's name in official form), held against what it holds.

The content decides. Chorus Pro reads by what is declared and refuses what does not fit; here a difference is told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from plainchant.portal.codes import CODE_OF

_OFFICIAL_NAME = re.compile(r"FSO\d{4}[A-Z]_[A-Z0-9]{6}_[A-Z0-9]{10}\d{9,15}")


@dataclass(frozen=True, slots=True)
class Syntax:
    """``interface``: Chorus Pro's code, which begins a flow's official name. ``label``: in everyday words."""

    code: str
    interface: str
    label: str


# Source: the EDI annex of 2017 and the API's enumeration; the live ones first, then one that was only renamed.
SYNTAXES: tuple[Syntax, ...] = (
    Syntax("IN_DP_E1_UBL_INVOICE", "FSO1100A", "UBL"),
    Syntax("IN_DP_E1_CII_16B", "FSO1106A", "CII"),
    Syntax("IN_DP_E2_UBL_INVOICE_MIN", "FSO1110A", "UBL réduit"),
    Syntax("IN_DP_E2_CII_MIN_16B", "FSO1116A", "CII réduit"),
    Syntax("IN_DP_E2_CPP_FACTURE_MIN", "FSO1113A", "CPPFactureMixte"),
    Syntax("IN_DP_E2_CII_FACTURX", "FSO1117A", "Factur-X"),
)
SYNTAX_OF = {row.code: row for row in SYNTAXES}
_BY_INTERFACE = {row.interface: row.code for row in SYNTAXES}
_OTHER_SPELLINGS = {"IN_DP_E2_CII_16B": "IN_DP_E2_CII_MIN_16B"}
# A reduced CII with lines is a whole one, byte for byte: what was declared is the only difference.
_ONLY_THE_SENDER_KNOWS = {("IN_DP_E2_CII_MIN_16B", "IN_DP_E1_CII_16B")}
NOTICE = CODE_OF["FLUX-SYNTAXE-ANNONCEE"].code


def official_name(name: str) -> str:
    """The name of a flow in official form, "" where the file has another name."""
    stem = name.rpartition("/")[2].split(".")[0]
    return stem if _OFFICIAL_NAME.fullmatch(stem) else ""


def declared(*, syntax: str, name: str) -> str:
    """The syntaxeFlux that a sender gives, or that the flow's official name says; "" where neither does."""
    said = syntax.strip().upper()
    if said:
        return _OTHER_SPELLINGS.get(said, said)[:40]
    interface = official_name(name)[:8]
    return _BY_INTERFACE.get(interface, interface)


def settled(*, said: str, interface: str, found: str) -> tuple[str, str]:
    """Interface and syntaxeFlux of a flow: those of its content, unless only the sender can know."""
    if (said, found) in _ONLY_THE_SENDER_KNOWS:
        return SYNTAX_OF[said].interface, said
    return interface, found


def difference(*, said: str, found: str) -> str:
    """What to tell when the content is not what was declared, in French; "" when it is, or nothing was declared."""
    if not said or said == found:
        return ""
    return (
        f"Le flux est annoncé en {_called(said)}, son contenu est en {_called(found)}. "
        "C’est le contenu qui a été suivi."
    )


def _called(code: str) -> str:
    row = SYNTAX_OF.get(code)
    return f"{row.label} ({code})" if row else code
