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


def test_a_name_and_a_price_are_enough() -> None:
    (line,) = pasted("Conférence\t300")
    assert (line["name"], line["quantity"], line["price"], line["unit"]) == ("Conférence", "1", "300", "C62")


@pytest.mark.parametrize("text", ["", "\n\n", "\t\t\n", "\x00", '"'])
def test_nothing_makes_no_line(text: str) -> None:
    assert pasted(text) == [] or all(line.get("name") for line in pasted(text))


def test_forty_lines_of_three_rates_keep_their_order() -> None:
    rates = ("5,5", "10", "20")
    rows = [f"Poste {n}\t{n}\t{n},25\t{rates[n % 3]}" for n in range(1, 41)]
    lines = pasted("Désignation\tQuantité\tPrix unitaire HT\tTVA\n" + "\n".join(rows))
    assert [line["name"] for line in lines] == [f"Poste {n}" for n in range(1, 41)]
    assert [line["rate"] for line in lines[:3]] == ["10", "20", "5,5"]
