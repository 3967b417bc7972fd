"""How sure a value is when the page has been weighed: what is likely may become certain, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace

from plainchant.capture.certainty import SURE, Weights, weighed
from plainchant.capture.clues import WEIGHED, clues
from plainchant.capture.fields import read_by_rules, read_fields
from plainchant.capture.lines import lines_of
from plainchant.capture.pdf import read_document
from plainchant.capture.proposal import Certainty, FieldReading
from plainchant.capture.regions import LabelledLines
from tests.capture.samples import drawn

RIGHT = {
    "{number}": "F-2026-031", "{siret}": "891 417 776 00046", "{quantity}": "3", "{price}": "100,00", "{rate}": "20 %",
    "{amount}": "300,00", "{net}": "300,00", "{tax}": "60,00", "{gross}": "360,00", "{payable}": "360,00",
}  # fmt: skip
PAGE = """
Atelier Fictif \\ SIRET {siret}

= FACTURE {number}
Rennes, le 3 mars 2026

#table(columns: (1fr, 20mm, 25mm, 25mm), [Désignation], [Quantité], [Prix unitaire], [Montant HT],
  [Affiches], [{quantity}], [{price}], [{amount}])

#align(right, table(columns: (50mm, 30mm), stroke: none,
  [Total HT], [{net}], [TVA {rate}], [{tax}], [Total TTC], [{gross}], [Net à payer], [{payable}]))
"""


def page(**changed: str) -> bytes:
    source = PAGE
    for name, value in RIGHT.items():
        source = source.replace(name, changed.get(name.strip("{}"), value))
    return drawn(source)


def doubtful(reading: FieldReading) -> set[str]:
    return {name for name, read in reading.fields.items() if read.certainty == "doubtful"}


def test_figures_that_agree_raise_no_question() -> None:
    assert doubtful(read_fields(read_document(page()))) == set()


def test_a_siret_whose_key_is_wrong_is_a_question() -> None:
    assert doubtful(read_fields(read_document(page(siret="891 417 776 00047")))) == {"seller_siret"}


def by_rules() -> tuple[LabelledLines, FieldReading]:
    sheet = LabelledLines.of(lines_of(read_document(page())))
    return sheet, read_by_rules(sheet)


def test_a_date_without_a_label_of_its_own_is_certain_when_all_speaks_for_it() -> None:
    sheet, reading = by_rules()
    assert reading.fields["issue_date"].certainty == "likely"
    assert weighed(reading, sheet).fields["issue_date"].certainty == "certain"


def test_what_the_rules_are_sure_of_and_what_they_doubt_stay_so() -> None:
    sheet, reading = by_rules()
    levels: tuple[Certainty, ...] = ("certain", "doubtful")
    for level in levels:
        fields = {name: replace(read, certainty=level) for name, read in reading.fields.items()}
        result = weighed(replace(reading, fields=fields), sheet)
        assert {result.fields[name].certainty for name in WEIGHED if name in fields} == {level}


def test_a_number_cut_from_a_longer_one_is_not_made_certain() -> None:
    sheet, reading = by_rules()
    number = reading.fields["number"]
    line = next(line for line in sheet.lines if "F-2026-031" in line.text)
    at = line.text.index("031")
    cut = replace(number, value="031", text="031", place=line.place_of(at, at + 3), certainty="likely")
    assert weighed(replace(reading, fields={"number": cut}), sheet).fields["number"].certainty == "likely"


def test_each_clue_has_a_name_that_the_weights_know() -> None:
    sheet, reading = by_rules()
    found = clues(sheet, reading)
    assert set(found) == {"number", "issue_date", "seller_siret"}
    assert all(0 <= value <= 1 for about in found.values() for value in about.values())
    assert Weights(bias=0.0, clues={}).probability(found["number"]) == 0.5 < SURE
