"""Lines copied from a spreadsheet: by their headings, or by what stands in the columns."""

from __future__ import annotations

import pytest

from plainchant.web.entry.grid import pasted


@pytest.mark.parametrize(
    "table",
    [
        "Désignation\tQuantité\tUnité\tPrix unitaire HT\tTaux TVA\tTotal HT\nAtelier\t2\theures\t80,00\t20%\t160,00",
        "Réf\tLibellé\tQté\tUnité\tP.U.\tTVA\nA1\tAtelier\t2\th\t80,00\t20\n\n",
        "Prestation;Qté;unité;Prix;TVA\nAtelier;2;heures;80,00;20 %",
        "  Désignation \tPrix unitaire\tQuantité\tUnité\tTVA\r\nAtelier\t80,00\t2\theure\t20,0\r\n",
    ],
)
def test_headings_say_what_a_column_is(table: str) -> None:
    (line,) = pasted(table)
    assert (line["name"], line["quantity"], line["unit"], line["price"]) == ("Atelier", "2", "HUR", "80,00")
    assert line["rate"].startswith("20")


def test_without_headings_the_columns_are_told_by_what_stands_in_them() -> None:
    lines = pasted("Affiches A2\t20\t1,50\t20\nPose\t1\t80,00\t10\nLivret\t3\t12\t5,5")
    assert [(line["name"], line["quantity"], line["price"], line["rate"]) for line in lines] == [
        ("Affiches A2", "20", "1,50", "20"),
        ("Pose", "1", "80,00", "10"),
        ("Livret", "3", "12", "5,5"),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_may_end_as_on_any_machine(end: str) -> None:
    lines = pasted(end.join(["Atelier\t2\t100", "Pose\t1\t80"]))
    assert [line["name"] for line in lines] == ["Atelier", "Pose"]


def test_a_name_and_a_price_are_enough() -> None:
    (line,) = pasted("Conférence\t300")
    assert (line["name"], line["quantity"], line["price"], line["unit"]) == ("Conférence", "1", "300", "C62")


@pytest.mark.parametrize("text", ["", "\n\n", "\t\t\n", "\x00", '"', '"' + "a" * 150_000])
def test_nothing_makes_no_line(text: str) -> None:
    assert pasted(text) == [] or all(line.get("name") for line in pasted(text))


def test_forty_lines_of_three_rates_keep_their_order() -> None:
    rates = ("5,5", "10", "20")
    rows = [f"Poste {n}\t{n}\t{n},25\t{rates[n % 3]}" for n in range(1, 41)]
    lines = pasted("Désignation\tQuantité\tPrix unitaire HT\tTVA\n" + "\n".join(rows))
    assert [line["name"] for line in lines] == [f"Poste {n}" for n in range(1, 41)]
    assert [line["rate"] for line in lines[:3]] == ["10", "20", "5,5"]


@pytest.mark.parametrize(
    "rate", ["20", "10", "5,5", "5.5", "2,1", "8,5", "1,75", "1,05", "13", "0,9", "0", "19,6", "12"]
)
@pytest.mark.parametrize(
    "row", ["Atelier\t2\t100\t{}", "Atelier\t2\t100\t{} %", "Atelier;2;100;{}", "Atelier\t2\t100\tTVA {}%"]
)
def test_a_rate_is_kept_as_it_was_written_whether_the_law_has_it_or_not(rate: str, row: str) -> None:
    (line,) = pasted(row.format(rate))
    assert (line["name"], line["quantity"], line["price"], line["rate"]) == ("Atelier", "2", "100", rate)


@pytest.mark.parametrize("heading", ["TVA", "Taux", "% TVA", "T.V.A.", "Taux de TVA (%)", "VAT"])
def test_the_heading_of_a_rate_may_be_written_otherwise(heading: str) -> None:
    (line,) = pasted(f"Désignation\tPrix\t{heading}\nAtelier\t100\t1,05 %")
    assert line["rate"] == "1,05"


@pytest.mark.parametrize(
    ("row", "rate"),
    [
        ("Atelier\t2\t100\t200", ""),  # a total, not a rate
        ("Atelier\t2\t10\t20\nPose\t3\t10\t30", ""),  # totals that look like rates
        ("Atelier\t2\t10\t20", "20"),  # one line only: a rate that was written is not lost
        ("Atelier\t2\t100\t200\t1,05", "1,05"),
        ("Atelier\t2\t100\t1,05\t200", "1,05"),
        ("Atelier\t2\t100\t200\t12\t224", "12"),
        ("Atelier\t2\t100\t5,5\t", "5,5"),
        ("Atelier\t2\t100\t5,5 %\nDon\t1\t10\texonéré", "5,5"),
    ],
)
def test_totals_beside_a_rate_are_not_taken_for_it(row: str, rate: str) -> None:
    assert pasted(row)[0]["rate"] == rate


def test_a_text_among_the_rates_is_kept_for_its_line_to_tell_of_it() -> None:
    lines = pasted("Atelier\t2\t100\t5,5 %\nDon\t1\t10\texonéré")
    assert [line["rate"] for line in lines] == ["5,5", "exonéré"]


def test_without_a_quantity_a_rate_with_its_sign_is_a_rate() -> None:
    (line,) = pasted("Conférence\t300\t5,5 %")
    assert (line["quantity"], line["price"], line["rate"]) == ("1", "300", "5,5")


def test_a_column_of_units_is_not_the_designation() -> None:
    (line,) = pasted("Menu\t2\theures\t80\t20")
    assert (line["name"], line["unit"], line["price"], line["rate"]) == ("Menu", "HUR", "80", "20")
