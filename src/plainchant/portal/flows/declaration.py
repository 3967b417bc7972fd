"""What a sender says a flow is (syntaxeFlux, or the flow's name in official form), held against what it holds.

The content decides. Chorus Pro reads by what is declared and refuses what does not fit; here a difference is told.
"""

from __future__ import annotations

import re

from plainchant.einvoice.syntaxes.table import SYNTAXES
from plainchant.portal.codes import CODE_OF

_OFFICIAL_NAME = re.compile(r"FSO\d{4}[A-Z]_[A-Z0-9]{6}_[A-Z0-9]{10}\d{9,15}")


# The syntaxes that a flow may be in.
SYNTAX_OF = {row.flow_syntax: row for row in SYNTAXES.values() if row.flow_syntax}
_BY_INTERFACE = {row.interface: row.flow_syntax for row in SYNTAX_OF.values()}
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
    name_given = syntax.strip().upper()
    if name_given:
        return _OTHER_SPELLINGS.get(name_given, name_given)[:40]
    interface = official_name(name)[:8]
    return _BY_INTERFACE.get(interface, interface)


def settled(*, announced: str, interface: str, found: str) -> tuple[str, str]:
    """Interface and syntaxeFlux of a flow: those of its content, unless only the sender can know."""
    if (announced, found) in _ONLY_THE_SENDER_KNOWS:
        return SYNTAX_OF[announced].interface, announced
    return interface, found


def difference(*, announced: str, found: str) -> str:
    """What to tell when the content is not what was declared, in French; "" when it is, or nothing was declared."""
    if not announced or announced == found:
        return ""
    return (
        f"Le flux est annoncé en {_called(announced)}, son contenu est en {_called(found)}. "
        "C’est le contenu qui a été suivi."
    )


def _called(code: str) -> str:
    row = SYNTAX_OF.get(code)
    return f"{row.label} ({code})" if row else code
