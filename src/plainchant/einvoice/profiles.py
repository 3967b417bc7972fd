"""The profiles: what a file says it follows (BT-24), which schema holds it, how its PDF calls it. One table.

Source: Factur-X 1.09 and XP Z12-012. The reform keeps BASIC WL, EN 16931 and EXTENDED; Chorus Pro takes them all.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """``schema`` is a name of `syntaxes.schema.SCHEMAS`; ``level`` is the ConformanceLevel of a Factur-X."""

    name: str
    guideline: str
    schema: str | None
    level: str | None
    relationship: str = "Alternative"  # of the XML to the page, in a Factur-X


PROFILES = (
    Profile("MINIMUM", "urn:factur-x.eu:1p0:minimum", "MINIMUM", "MINIMUM", "Data"),
    Profile("BASIC WL", "urn:factur-x.eu:1p0:basicwl", "BASIC WL", "BASIC WL", "Data"),
    Profile("BASIC", "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic", "BASIC", "BASIC"),
    Profile("EN 16931", "urn:cen.eu:en16931:2017", "EN 16931", "EN 16931"),
    Profile(
        "EXTENDED",
        "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended",
        "EXTENDED",
        "EXTENDED",
    ),
    Profile(
        "EXTENDED-CTC-FR",
        "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr",
        None,
        "EXTENDED",
    ),
)
PROFILE_OF = {profile.name: profile for profile in PROFILES}
_BY_GUIDELINE = {profile.guideline: profile for profile in PROFILES}


def profile_of(guideline: str | None) -> Profile | None:
    """The profile a specification identifier (BT-24) names, None for another one. Old spellings are understood."""
    if guideline is None:
        return None
    found = _BY_GUIDELINE.get(guideline)
    if found is None and guideline.rpartition(":")[2] in ("minimum", "basicwl", "basic", "extended"):
        last = guideline.rpartition(":")[2]
        return PROFILE_OF[{"basicwl": "BASIC WL"}.get(last, last.upper())]
    return found
