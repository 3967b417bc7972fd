"""Numbers and references: whole, without their label, and for whom they are meant."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from plainchant.capture.fields import read_fields
from plainchant.capture.pdf import read_document
from plainchant.capture.proposal import ReadField
from tests.capture.samples import drawn

ORDER, CONTRACT, SERVICE = "purchase_order_reference", "contract_reference", "buyer_reference"
LINES = "#table(columns: (1fr, auto, auto, auto), stroke: none, [Prestation], [Jours], [TJM], [Total], [Module], [2], [420], [840])"


def read(source: str) -> dict[str, ReadField]:
    return dict(read_fields(read_document(drawn(f"Atelier Fictif\n\n{source}"))).fields)


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ("Facture n° FA-2026–031", "FA-2026-031"),  # a dash, as word processors make of a hyphen
        ("FACTURE N° 12 – 2026", "12 - 2026"),
        ("Facture n° 12 bis du 3 mars 2026", "12 bis"),
        ("Facture 2026 / 07", "2026 / 07"),
        ("Facture F 2026 031", "F 2026 031"),
        ("Facture n° A.12/26", "A.12/26"),
        ("Facture n° F-EJ-12", "F-EJ-12"),  # EJ is a label elsewhere
        ("Facture n° BC-26-118", "BC-26-118"),
        ("Facture N 2026-031", "2026-031"),
        ("Facture n. 2026-031", "2026-031"),
        ("Facture No 2026-031", "2026-031"),
        ("Facture Nº 2026-031", "2026-031"),
        ("Facture: F-12", "F-12"),
        ("Note n° 2026-07", "2026-07"),
        ("Numéro de note : F-00331", "F-00331"),
        ("Facture #h(6cm) Réf. DEV-ARC-26-008", "DEV-ARC-26-008"),
        # What follows is no part of it.
        ("Facture n° 12 - 3 mars 2026", "12"),
        ("Facture n° 12 DU 31/03/2026", "12"),
        ("Facture n° 2026-031 – Page 1/2", "2026-031"),
        ("Facture n° 031 – Mars 2026", "031"),
    ],
)
def test_a_number_is_read_whole(source: str, number: str) -> None:
    field = read(source)["number"]
    assert field.value == number
    # As it stands on the page, dash and all.
    assert field.text.replace("–", "-") == number


@pytest.mark.parametrize(
    ("source", "field", "value"),
    [
        ("Votre référence : BC-26-118", ORDER, "BC-26-118"),
        ("V/Réf. BC-26-118", ORDER, "BC-26-118"),
        ("Vos réf. : 4500118273", ORDER, "4500118273"),
        ("#table(columns: 2, [Échéance], [Référence client], [04/04/2026], [BC-26-118])", ORDER, "BC-26-118"),
        ("Engagement n° 2026–ENG–55120", ORDER, "2026-ENG-55120"),
        ("Bon de commande n° 26/118 bis", ORDER, "26/118 bis"),
        ("Réf. EJ-55120", ORDER, None),
        ("Notre référence : D-26-12", ORDER, None),
        ("Vos références client : C099532", ORDER, None),
        ("Réf. client : BC-26-118", ORDER, "BC-26-118"),
        ("Réf. engagement EJ-59875", ORDER, "EJ-59875"),  # EJ is its first letters, and no second name
        ("Réf. client : CDE76095", ORDER, "CDE76095"),
        ("Réf. client : CL00431", ORDER, None),  # a number of the client's, by its first letters
        ("Réf. client : 411MAIRI", ORDER, None),
        ("Marché n° 2026 – 014", CONTRACT, "2026 - 014"),
        ("Marché n° 26 M 014", CONTRACT, "26 M 014"),
        ("Code service : SE 12–04", SERVICE, "SE 12-04"),
        ("Code service : CULT, engagement : EJ-44", SERVICE, "CULT"),
        ("Code service : CULT, engagement : EJ-44", ORDER, "EJ-44"),
        # Words may stand between the name and the reference.
        ("Numéro d'engagement communiqué par vos services : 4500998877", ORDER, "4500998877"),
        ("Le numéro d'engagement est le 4500998877 et le code du service est DGA-CULTURE.", ORDER, "4500998877"),
        ("Le numéro d'engagement est le 4500998877 et le code du service est DGA-CULTURE.", SERVICE, "DGA-CULTURE"),
        ("Suite à votre bon de commande référencé sous le numéro BDC-26/0915", ORDER, "BDC-26/0915"),
        ("Code service à rappeler : BIB-2", SERVICE, "BIB-2"),
        ("Engagement comptable 26E1234", ORDER, "26E1234"),
        ("Réf. engagement à reporter sur la facture : D44-2026-1187", ORDER, "D44-2026-1187"),
        ("Représentation du 24 octobre 2026, contrat de cession CS-26-08", CONTRACT, "CS-26-08"),
        # A bare « Service » is a code's when a code follows, be it in capitals, and else an address's.
        ("#table(columns: 2, [Date], [3 mai 2026], [Service], [CULT-01], [Marché], [M-7])", SERVICE, "CULT-01"),
        ("#table(columns: 2, [Service], [301692])", SERVICE, "301692"),
        ("Émise le 04-06-2026 \\ Service MEDIATHEQUE", SERVICE, "MEDIATHEQUE"),
        ("SERVICE : DRI", SERVICE, "DRI"),
        ("Mairie d'Exemple \\ Service Finances \\ 2 ter allée du Parc", SERVICE, None),
        ("MAIRIE D'EXEMPLE \\ SERVICE FINANCES \\ 2 TER ALLÉE DU PARC", SERVICE, None),
    ],
)
def test_a_reference_is_the_buyers_and_whole(source: str, field: str, value: str | None) -> None:
    found = read(f"Facture n° 5\n\n{source}").get(field)
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("source", "number", "issued"),
    [
        ("Facture FA 2026 – 0147 du 3/11/26", "FA 2026 - 0147", "2026-11-03"),  # the dash is no hyphen
        ("Facture n° 14 émise ce jour, 12 octobre 2026", "14", "2026-10-12"),
        # The order's own day.
        ("Facture n° 14 du 12 octobre 2026 \\ Selon le bon de commande n° BC/26/77 émis le 3 septembre 2026", "14", "2026-10-12"),
        ("Facture n° 14 \\ Livraison 28/10/2026 \\ Facturation 03/11/2026", "14", "2026-11-03"),
        # The day of what was paid or invoiced before.
        ("Facture n° 14 \\ Date d'émission : Lundi 2 novembre 2026 \n\n Acompte 30 % facturé le 01/09/2026 #h(1cm) 848,38 €", "14", "2026-11-02"),
        ("Facture n° 14 du 12 octobre 2026 \\ Devis n° D-9 établi le 3 septembre 2026", "14", "2026-10-12"),
    ],
)  # fmt: skip
def test_the_day_of_an_invoice_is_its_own(source: str, number: str, issued: str) -> None:
    fields = read(source)
    assert (fields["number"].value, fields["issue_date"].value) == (number, issued)


def test_a_date_or_a_delay_in_the_sentence_of_a_sum_is_no_amount() -> None:
    fields = read(
        "Facture n° 5 \\ Montant à régler sous 30 jours à compter du 15 octobre 2026."
        "\n\nTotal HT #h(1cm) 500,00 € \\ TVA 20 % #h(1cm) 100,00 € \\ Total TTC #h(1cm) 600,00 €"
    )
    assert fields["payable_amount"].value == "600.00"


def test_a_letter_names_its_sum_and_the_day_to_pay_it() -> None:
    fields = read(
        "Veuillez trouver ma facture n° 7 du 24 novembre 2026, pour la somme de sept cent vingt euros (720 €), TVA non "
        "applicable, art. 293 B du CGI.\n\nMerci de virer cette somme avant le 24 décembre 2026."
    )
    assert (fields["tax_inclusive_amount"].value, fields["due_date"].value) == ("720.00", "2026-12-24")


def test_what_names_another_number_begins_no_code() -> None:
    fields = read("#v(1cm)FACTURE \\\nSIRET 902 100 015 00012 \\\nNuméro : F-31")
    assert fields["number"].value == "F-31"
    assert "number" not in read("#v(1cm)FACTURE \\\nSIRET 902 100 015 00012")


def test_keys_and_values_are_read_row_by_row() -> None:
    fields = read(
        "Facture n° 5\n\n#table(columns: 2, stroke: none, [Bon de commande], [BC-12], [Code service], [S-3], [Marché], [M-7])"
    )
    assert [fields[name].value for name in (ORDER, SERVICE, CONTRACT)] == ["BC-12", "S-3", "M-7"]


def test_a_heading_of_the_table_under_a_label_is_no_value() -> None:
    fields = read(f"Facture n° 5\n\n#align(right)[Service n° SF-UBO · Commande n° 4500981124]\n{LINES}")
    assert (fields[SERVICE].value, fields[ORDER].value) == ("SF-UBO", "4500981124")
    assert SERVICE not in read(f"Facture n° 5\n\n#align(right)[Service :]\n{LINES}")


def test_a_heading_of_the_table_at_the_right_of_a_label_is_no_value() -> None:
    fields = read(
        "#grid(columns: (5cm, 1fr, auto), row-gutter: 3mm, [CODE SERVICE], [Prestation], [Montant], [FINANCES], [Atelier], [314,76])"
        "\n\nTotal TTC #h(1cm) 314,76 €"
    )
    assert fields[SERVICE].value == "FINANCES"


@pytest.mark.parametrize("gap", ["0mm", "3mm"])
def test_a_number_in_a_narrow_column_is_under_its_label(gap: str) -> None:
    """The line beside it, or the table right under it, is not taken for part of it."""
    fields = read(
        f"#place(top, dy: 30mm)[FACTURE N°] #place(top, dx: 5cm, dy: 33mm)[Atelier, Rennes.] #place(top, dy: 35mm)[AS25011]"
        f"#v(40mm + {gap}) #h(5cm) Prestation #h(1fr) Montant \\ #h(5cm) Atelier #h(1fr) 408,00"
    )
    assert fields["number"].value == "AS25011"


def test_two_names_that_have_each_its_value_are_not_one() -> None:
    fields = read(
        "Avoir AV-2026-0005\n\n#table(columns: 2, stroke: none, inset: 2pt, [Votre référence], [PO445], [Facture liée], [FA-2026-0010])"
    )
    assert (fields["number"].value, fields[ORDER].value) == ("AV-2026-0005", "PO445")


@pytest.mark.parametrize(
    "title",
    ["Note de cession de droits d'auteur numéro 18/2026", "Décompte n° 4", "Note de frais n° 12", "Mémoire n° 3"],
)
def test_what_is_called_otherwise_is_an_invoice_too(title: str) -> None:
    assert read(title)["type_code"].value == "380"


def test_the_only_number_of_a_company_with_its_vat_number_is_the_sellers() -> None:
    fields = read(
        "Association Terre Fictive \\ 56 avenue du Parc, 42000 Exemple – Siret : 902 100 015 00012 – TVA FR51902100015\n\n"
        "Facturé à : Communauté d'agglomération de l'Exemple, 29600 Exemple\n\nFacture n° 202604-36"
    )
    assert fields["seller_siret"].value == "90210001500012"
    assert "buyer_siret" not in fields


def test_the_number_of_an_invoice_that_is_taken_off_is_another_ones() -> None:
    fields = read(
        "#table(columns: 3, [Date], [N° pièce], [N° client], [28/08/2026], [F2608-169], [C-780])\n\n"
        "Total TTC #h(1cm) 26 765,47 \\ Facture d'acompte n° AC-2026-098 du #h(1cm) -5 353,09 \\ 29/07/2026"
    )
    assert (fields["number"].value, fields["type_code"].value) == ("F2608-169", "380")


def test_an_advance_named_on_a_line_of_its_own_has_another_invoices_number() -> None:
    fields = read("Facture #h(1cm) AC2600293\n\nFacture d'acompte n° F20260808 du 2 mars 2026")
    assert fields.get("number") is None or fields["number"].value != "F20260808"
    fields = read(f"{LINES} #v(4cm) Total TTC #h(1cm) 840,00 \\ Facture d'acompte n° F20260808 du 2 mars 2026")
    assert "number" not in fields
    fields = read("Facture d'acompte n° F20260808 du 2 mars 2026 #h(1cm) -252,00 €")
    assert "number" not in fields


@pytest.mark.parametrize("below", ["", "Acompte de 30 % à la commande #h(1cm) 252,00 €\n\nTotal TTC #h(1cm) 252,00 €"])
def test_the_title_of_an_advance_is_that_of_the_invoice(below: str) -> None:
    fields = read(f"= Facture d'acompte n° AC-2026-12 du 3 mars 2026\n\n{LINES}\n\n{below}")
    assert {name: fields[name].value for name in ("number", "issue_date", "type_code")} == {
        "number": "AC-2026-12",
        "issue_date": "2026-03-03",
        "type_code": "386",
    }


@pytest.mark.parametrize(
    ("sentence", "field", "value"),
    [
        ("trois photographies, selon le bon de commande 2026/55.", ORDER, "2026/55"),
        ("Suivant commande n° C-1208 de la mairie.", ORDER, "C-1208"),
        ("Prestation selon la convention 2026.", "contract_reference", None),
    ],
)
def test_a_sentence_may_give_the_number_of_what_it_follows(sentence: str, field: str, value: str | None) -> None:
    fields = read(f"Facture n° 26-4\n\n{sentence}")
    assert (fields[field].value if field in fields else None) == value


@pytest.mark.parametrize("words", ["Net à déduire", "Total à rembourser"])
def test_what_a_credit_note_gives_back_is_its_total_without_the_minus(words: str) -> None:
    fields = read(
        f"AVOIR N° AV-26-003\n\nTotal HT #h(1cm) -150,00 \\ TVA 20 % #h(1cm) -30,00 \\ Total TTC #h(1cm) -180,00 \\ {words} : #h(1cm) 180,00 €"
    )
    assert (fields["payable_amount"].value, fields["payable_amount"].certainty) == ("-180.00", "certain")
    assert "prepaid_amount" not in fields


def test_the_name_of_the_client_may_stand_in_a_sentence_over_its_number() -> None:
    fields = read(
        "Inès Fictive \\ N°SIRET 90210001500012\n\nNom et adresse du client , Société d'économie mixte du Port, \\ 29200 BREST, N°SIRET 57540582400013"
    )
    assert (fields["seller_siret"].value, fields["buyer_siret"].value) == ("90210001500012", "57540582400013")


def test_on_the_invoice_of_a_subcontractor_the_holder_of_the_contract_is_not_the_seller() -> None:
    source = (
        "Studio Exemple SASU{role} \\ SIRET 902 100 015 00012\n\nFacture n° 26-4\n\n"
        "Titulaire du marché : Entreprise Exemple SA, SIRET 575 405 824 00013 \\ Acheteur : Région d'Exemple, SIRET 200 999 886 00019"
    )
    fields = read(source.format(role=", sous-traitant"))
    assert (fields["seller_siret"].value, fields["buyer_siret"].value) == ("90210001500012", "20099988600019")
    assert read(source.format(role=""))["seller_siret"].value == "57540582400013"


def test_the_last_day_to_pay_may_follow_a_delay() -> None:
    assert read("Facture n° 5 \\ Paiement sous 30 jours, date limite 03/12/2026")["due_date"].value == "2026-12-03"
