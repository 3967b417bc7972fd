"""The channels an invoice travels through, one row each: how it is coded there, and what decides whether it passes.

Chorus Pro takes invoices to public bodies on its portal, by API and by EDI, in the coding of 2017 (A1…). Since 1
September 2026 approved platforms (plateformes agréées) carry invoices between firms, and to public bodies too, in the
coding of the reform (B1, S1, M1…); Chorus Pro is platform 9999 of their directory. Sources: Chorus Pro's EDI annex;
XP Z12-012 and BR-FR 1.4.0; finance law; France_RFE (BR-FR is fatal in emission from that day).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from plainchant.einvoice.codes import france
from plainchant.einvoice.codes.cadres import CADRES

LayerName = Literal["wellformed", "schema", "chorus", "en16931", "fr", "cpro"]


class Coding(StrEnum):
    """Which of the two ways of writing the same invoice."""

    CLASSIC = "classic"  # Chorus Pro: A1…
    REFORM = "reform"  # XP Z12-012: B1, S1, M1…


class ChannelName(StrEnum):
    CHORUS = "chorus"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Channel:
    """``deciding``: the layers of a verdict that refuse an invoice there; the others only tell.

    ``cadres``: the codes of BT-23 it takes. ``takes_reduced``: whether Chorus Pro's reduced forms (E2) pass, and the
    profile MINIMUM, which the reform does not have.
    """

    name: ChannelName
    label: str
    through: str  # « par … »
    coding: Coding
    cadres: frozenset[str]
    deciding: tuple[LayerName, ...]
    takes_reduced: bool


CHANNELS: tuple[Channel, ...] = (
    Channel(
        ChannelName.CHORUS,
        "Chorus Pro",
        "par Chorus Pro",
        Coding.CLASSIC,
        cadres=frozenset(row.code for row in CADRES),
        deciding=("wellformed", "schema", "chorus"),
        takes_reduced=True,
    ),
    Channel(
        ChannelName.PLATFORM,
        "Plateforme agréée",
        "par une plateforme agréée",
        Coding.REFORM,
        cadres=france.CADRES,
        deciding=("wellformed", "schema", "en16931", "fr"),
        takes_reduced=False,
    ),
)
CHANNEL_OF: dict[str, Channel] = {row.name: row for row in CHANNELS}
CHORUS, PLATFORM = CHANNEL_OF["chorus"], CHANNEL_OF["platform"]


def channel_for(*, cadre: str | None, is_of_the_reform: bool) -> Channel:
    """The channel an invoice is written for: by its cadre, where it has one of ours.

    ``is_of_the_reform``: whether something else says so: a note « B2B » (between firms), the reform's own profile.
    """
    for channel in CHANNELS:
        if cadre in channel.cadres:
            return channel
    return PLATFORM if is_of_the_reform else CHORUS
