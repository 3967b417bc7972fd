"""Makes `capture/certainty.json`: the weight of each clue about what was read.

    .venv/bin/python bench/reading_certainty.py [--check FOLDER…] [--keep FILE]

Invoices that `reading_made` invents are read; every value is right or wrong. So that the wrong ones are not only those
the reader falls for today, other codes and dates of the page stand in for the value (`decoys`), and SIRETs have a digit
changed (`reading_planted`). A logistic regression a field gives the weights. `--check` says what they are worth on
documents that had no part in them: of the values that the rules alone call certain, and of those that are with the
weights, how many are wrong. Nothing is random here: the seeds are fixed.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing import Pool
from pathlib import Path
from random import Random

import numpy as np

from plainchant.capture import certainty
from plainchant.capture.clues import DATES, SELLER, WEIGHED, Clues, clues
from plainchant.capture.dates import dates_in
from plainchant.capture.fields import read_by_rules
from plainchant.capture.lines import TextLine, lines_of
from plainchant.capture.pdf import read_document
from plainchant.capture.proposal import Certainty, FieldReading, ReadField
from plainchant.capture.regions import LabelledLines
from reading_made.made import Made
from reading_planted import planted
from reading_sets import in_folder, invented
from reading_truth import same

SEEDS = range(31_000, 31_008)
RIDGE = 3.0
_DECOYS = 3  # of each field of a document
_CODE = re.compile(r"(?<![\w/.-])[A-Za-z0-9][\w/.-]*\d[\w/.-]*")
_Spot = tuple[TextLine, int, int, str]  # where it stands, and the value


@dataclass(frozen=True)
class Example:
    """One value that was read, or put in its place. `kind`: "read", "decoy" or "planted"."""

    document: str
    kind: str
    field: str
    is_right: bool
    clues: Clues
    certainty: Certainty


def examples(made: Made) -> list[Example]:
    """What one document teaches."""
    document = read_document(made.pdf)
    found: list[Example] = []
    wrong = [changed for kind, _, changed in planted(made, document) if kind == "SIRET"]
    for kind, pages in (("read", document), *(("planted", changed) for changed in wrong)):
        sheet = LabelledLines.of(lines_of(pages))
        if not sheet.lines:
            continue
        reading = read_by_rules(sheet)
        for name, about in clues(sheet, reading).items():
            known = _truth(made, name)
            if known is not None or made.is_known_whole:
                read = reading.fields[name]
                is_right = known is not None and same(name, read.value, known)
                found.append(Example(made.name, kind, name, is_right, about, read.certainty))
        if kind == "read":
            for name, decoy in decoys(sheet, made, reading):
                other = replace(reading, fields=reading.fields | {name: decoy})
                for about in clues(sheet, other, (name,)).values():
                    found.append(Example(made.name, "decoy", name, False, about, decoy.certainty))
    return found


def _truth(made: Made, name: str) -> str | None:
    return made.says.get(name, made.implied.get(name))


def decoys(sheet: LabelledLines, made: Made, reading: FieldReading) -> Iterator[tuple[str, ReadField]]:
    """Other values of the page in the place of each field, as sure as what was read there."""
    chance = Random(f"decoys {made.name}")
    codes = [(line, *hit.span(), hit[0]) for line in sheet.lines for hit in _CODE.finditer(line.text)]
    codes += [spot for code in codes for spot in _with_word_before(code)]
    words = [(line, *hit.span(), hit[0]) for line in sheet.lines for hit in re.finditer(r"[A-Z]\w{2,}", line.text)]
    days = [(line, d.start, d.end, d.value.isoformat()) for line in sheet.lines for d in dates_in(line.plain)]
    buyer = reading.fields.get("buyer_siret")
    for name in WEIGHED:
        read, known = reading.fields.get(name), _truth(made, name)
        if known is None and not made.is_known_whole:
            continue
        level: Certainty = read.certainty if read else "likely"
        if name == SELLER:
            if buyer is not None and buyer.value != known:
                yield name, replace(buyer, certainty=level)
            continue
        pool = days if name in DATES else codes + _cut(codes, known)
        if name == "buyer_reference":  # a service may have letters only
            pool = pool + words
        wrong = [spot for spot in pool if known is None or not same(name, spot[3], known)]
        for line, start, end, value in chance.sample(wrong, min(_DECOYS, len(wrong))):
            yield name, ReadField(value, line.text[start:end], line.place_of(start, end), level)


def _with_word_before(spot: _Spot) -> Iterator[_Spot]:
    line, start, end, _ = spot
    if word := re.search(r"\S+ $", line.text[:start]):
        yield line, word.start(), end, line.text[word.start() : end]


def _cut(codes: list[_Spot], known: str | None) -> list[_Spot]:
    """The right code cut short: as many times as it takes to be a third of the decoys."""
    found: list[_Spot] = []
    for line, start, end, text in codes:
        for hit in re.finditer(r"[-/.]", text) if text == known else ():
            found += [(line, start, start + hit.start(), text[: hit.start()])] if hit.start() else []
            found += [(line, start + hit.end(), end, text[hit.end() :])] if hit.end() < len(text) else []
    return found * max(len(codes) // max(2 * len(found), 1), 1)


def fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Logistic regression with a ridge, by Newton's method; the bias comes last."""
    x = np.hstack([x, np.ones((len(x), 1))])
    ridge = np.eye(x.shape[1]) * RIDGE
    ridge[-1, -1] = 1e-6
    weights = np.zeros(x.shape[1])
    for _ in range(60):
        p = probabilities(x, weights)
        slope = x.T @ (p - y) + ridge @ weights
        curve = (x * np.maximum(p * (1 - p), 1e-6)[:, None]).T @ x + ridge
        step = np.linalg.solve(curve, slope)
        weights -= step
        if abs(step).max() < 1e-6:
            break
    return weights


def probabilities(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))


def main() -> int:
    """Write the weights, and print what they are worth; returns the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", type=Path, nargs="+", default=[], help="folders of PDFs with their truth")
    parser.add_argument("--keep", type=Path, help="keep the examples here, or take them from it")
    asked = parser.parse_args()
    learnt, apart = _gathered(asked.check, asked.keep)
    models = {}
    for name in WEIGHED:
        mine = [example for example in learnt if example.field == name]
        names = sorted({clue for example in mine for clue in example.clues})
        x = np.array([[example.clues.get(clue, 0.0) for clue in names] for example in mine])
        weights = [round(float(weight), 2) for weight in fit(x, np.array([float(e.is_right) for e in mine]))]
        kept = {clue: weight for clue, weight in zip(names, weights[:-1], strict=True) if weight}
        models[name] = certainty.Weights(bias=weights[-1], clues=kept)
        print(f"{name:26} {_worth(models[name], [e for e in mine if e.kind == 'read'])}")
        if apart:
            told = [example for example in apart if example.field == name and example.kind == "read"]
            print(f"{'  apart':26} {_worth(models[name], told)}")
    out = {name: {"bias": model.bias, "clues": model.clues} for name, model in models.items()}
    file = Path(certainty.__file__).with_name("certainty.json")
    file.write_text(json.dumps(out, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return 0


def _worth(model: certainty.Weights, told: list[Example]) -> str:
    """Of the values that were read: certain and wrong, by the rules and with the weights."""
    raised = [model.probability(example.clues) >= certainty.SURE for example in told]
    before = [e for e in told if e.certainty == "certain"]
    after = before + [e for e, is_raised in zip(told, raised, strict=True) if e.certainty == "likely" and is_raised]
    rules, weighed = (f"{len(sure):4} ({_wrong(sure)} wrong)" for sure in (before, after))
    return f"{len(told):5} values; certain {rules} → {weighed}"


def _wrong(told: list[Example]) -> int:
    return sum(not example.is_right for example in told)


def _gathered(folders: list[Path], keep: Path | None) -> tuple[list[Example], list[Example]]:
    if keep is not None and keep.exists():
        found: tuple[list[Example], list[Example]] = pickle.loads(keep.read_bytes())  # noqa: S301 - our own file
        return found
    learnt = _examples_of(made for _, documents in invented(SEEDS) for made in documents)
    apart = _examples_of(made for folder in folders for made in in_folder(folder))
    if keep is not None:
        keep.write_bytes(pickle.dumps((learnt, apart)))
    return learnt, apart


def _examples_of(documents: Iterable[Made]) -> list[Example]:
    found: list[Example] = []
    waiting = iter(documents)
    while batch := list(islice(waiting, 100)):  # not all PDFs in memory at once
        with Pool(os.cpu_count()) as pool:
            found += [example for told in pool.imap(examples, batch, chunksize=4) for example in told]
    return found


if __name__ == "__main__":
    sys.exit(main())
