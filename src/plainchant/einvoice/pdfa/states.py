"""Extended graphics states (clauses 6.2.5, 6.2.6 and 6.2.10)."""

from __future__ import annotations

from typing import Any, Final

from pikepdf import Array, Dictionary, Stream

from .look import Observations

_BLENDS: Final = frozenset(
    f"/{name}"
    for name in (
        "Normal Compatible Multiply Screen Overlay Darken Lighten ColorDodge ColorBurn HardLight SoftLight Difference "
        "Exclusion Hue Saturation Color Luminosity"
    ).split()
)
_INTENTS: Final = frozenset(("/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"))
_PRIMARIES: Final = frozenset(("/Cyan", "/Magenta", "/Yellow", "/Black", "/Default"))


def look_at_state(look: Observations, state: Any) -> bool:
    """Tells what is forbidden in it; whether it makes anything transparent."""
    if state.get("/TR") is not None:
        look.tell("PDFA-ETAT-GRAPHIQUE", "TR")
    if state.get("/TR2") is not None and state.get("/TR2") != "/Default":
        look.tell("PDFA-ETAT-GRAPHIQUE", "TR2")
    if state.get("/HTP") is not None or state.get("/HTO") is not None:
        look.tell("PDFA-ETAT-GRAPHIQUE", "HTP")
    _halftone(look, state.get("/HT"), None)
    intent = state.get("/RI")
    if intent is not None and str(intent) not in _INTENTS:
        look.tell("PDFA-RENDU", str(intent).lstrip("/"))
    blend = state.get("/BM")
    modes = [str(mode) for mode in blend] if isinstance(blend, Array) else [str(blend)] if blend is not None else []
    for mode in modes:
        if mode not in _BLENDS:
            look.tell("PDFA-FUSION", mode.lstrip("/"))
    is_masked = isinstance(state.get("/SMask"), Dictionary)
    is_faint = any(_below_one(state.get(key)) for key in ("/ca", "/CA"))
    return is_masked or is_faint or any(mode not in ("/Normal", "/Compatible") for mode in modes)


def _below_one(value: Any) -> bool:
    return value is not None and not isinstance(value, bool) and float(value) < 1


def _halftone(look: Observations, halftone: Any, colorant: str | None) -> None:
    if not isinstance(halftone, Dictionary | Stream):
        return
    kind = halftone.get("/HalftoneType")
    if (kind not in (1, 5) and colorant is None) or halftone.get("/HalftoneName") is not None:
        look.tell("PDFA-ETAT-GRAPHIQUE", "HT")
    if colorant is not None:
        has_function = halftone.get("/TransferFunction") is not None
        if has_function == (colorant in _PRIMARIES):
            look.tell("PDFA-ETAT-GRAPHIQUE", "TransferFunction")
    elif kind == 5:
        for name, part in halftone.items():
            _halftone(look, part, str(name))
