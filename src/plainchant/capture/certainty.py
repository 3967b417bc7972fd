"""How sure a reference, a date or the seller's SIRET is: a small model weighs the clues of the page about it.

The rules that find a value call it certain when its label leaves no other reading. Most right values have a poorer
label and much else that speaks for them. `certainty.json` has a weight for each clue, and `bench/reading_certainty.py`
makes it from invoices whose contents are known. The model only raises: a value that it has never seen the like of keeps
what the rules say of it.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from importlib.resources import files

from plainchant.capture.clues import Clues, clues
from plainchant.capture.proposal import FieldReading
from plainchant.capture.regions import LabelledLines

SURE = 0.9  # a probability, measured on layouts of another hand (docs/reading.md)


@dataclass(frozen=True, slots=True)
class Weights:
    """The model of one field."""

    bias: float
    clues: dict[str, float]

    def probability(self, found: Clues) -> float:
        """That the value is right."""
        total = self.bias + sum(self.clues.get(name, 0.0) * value for name, value in found.items())
        return 1 / (1 + math.exp(-max(min(total, 30.0), -30.0)))


def _load() -> dict[str, Weights]:
    models = json.loads(files("plainchant.capture").joinpath("certainty.json").read_text())
    return {name: Weights(**model) for name, model in models.items()}


_MODELS = _load()  # at once: the reader's children open no file


def weighed(reading: FieldReading, sheet: LabelledLines) -> FieldReading:
    """The same values; one that is likely and has enough speaking for it is certain."""
    names = tuple(name for name in _MODELS if name in reading.fields and reading.fields[name].certainty == "likely")
    surer = {
        name: replace(reading.fields[name], certainty="certain")
        for name, found in clues(sheet, reading, names).items()
        if _MODELS[name].probability(found) >= SURE
    }
    return replace(reading, fields=reading.fields | surer)
