"""The pyramid: well-formed → schema → Chorus Pro's acceptance → EN 16931 → BR-FR → CPRO, each told apart.

Chorus Pro's layer decides: it is what the platform refuses. The layers above say what the reform will ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from plainchant.einvoice.finding import Finding

LayerName = Literal["wellformed", "schema", "chorus", "en16931", "fr", "cpro"]
Status = Literal["valid", "invalid", "skipped"]


@dataclass(frozen=True, slots=True)
class Layer:
    """One storey of the pyramid. ``why`` says, in French, why a layer was skipped."""

    name: LayerName
    status: Status
    findings: tuple[Finding, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of one file."""

    file: str
    kind: str  # "UBL Invoice", "CII D16B", "Factur-X EN 16931", … "" when it is none we know
    accepted: bool
    layers: tuple[Layer, ...]

    def layer(self, name: LayerName) -> Layer:
        return next(layer for layer in self.layers if layer.name == name)
