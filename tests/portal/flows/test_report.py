"""The report of a flow: every refusal in each of its forms, its JSON shape a promise, no cell a formula."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from plainchant.capture.pdf import read_document
from plainchant.einvoice.pdfa.probe import probe
from plainchant.portal.flows import codes, operations, report, report_page
from plainchant.portal.flows.models import FlowInvoice, State
from plainchant.portal.flows.queries import Wanted, flows_for, narrowed
from plainchant.portal.invoices.models import DepositMode
from plainchant.portal.lib.csv_file import cell
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.mail.models import Message
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from tests.making import a_member, a_structure, a_town
from tests.portal.flows.making_flows import archive, invoice, sent

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

BAD = "12345678200051"  # in no directory


@pytest.fixture
def at():
    return now()


@pytest.fixture
def seller(at):
    return a_structure(at=at)


@pytest.fixture
def user(seller, at):
    return a_member(structure=seller, at=at)


@pytest.fixture
def xml(seller, at):
    town = a_town(at=at)

    def made(number: str, **changes: str) -> bytes:
        return invoice(number, **{"seller": seller.identifier, "buyer": town.identifier, **changes})

    return made


@pytest.fixture
def partly(seller, user, at, xml):
    """A flow of three, two of them bad."""
    lot = archive({"a.xml": xml("F-1"), "b.xml": xml("F-2", buyer=BAD), "c.xml": xml("F-3")[:300]})
    return sent(lot, structure=seller, user=user, at=at)


@pytest.fixture
def noted(seller, user, at, xml):
    """A flow of three: one in order, one with more to pay than its total, one that is refused besides."""
    too_much = {number: _due(xml(number, **more), b"500") for number, more in (("F-2", {}), ("F-3", {"buyer": BAD}))}
    lot = archive({"a.xml": xml("F-1"), "b.xml": too_much["F-2"], "c.xml": too_much["F-3"]})
    return sent(lot, structure=seller, user=user, at=at)


def _due(xml: bytes, amount: bytes) -> bytes:
    return xml.replace(b'PayableAmount currencyID="EUR">120', b'PayableAmount currencyID="EUR">' + amount)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_the_object_has_the_members_that_are_promised(noted):
    noted.declared = "IN_DP_E1_CII_16B"
    told = report.as_object(noted)
    members = set(told) | {
        f"{name}[].{member}" for name, value in told.items() if isinstance(value, list) for member in value[0]
    }
    assert members == set(report.OBJECT), "docs/flow-report.md promises this shape"


def test_the_object_has_the_names_of_the_wire_and_all_there_is_to_know(partly, seller):
    told = report.as_object(partly)
    assert (told["etatCourantDepotFlux"], told["nombreFacturesPrises"]) == ("IN_INTEGRE_PARTIEL", 1)
    first, second = told["listeErreurDP"]
    assert first == {
        "identifiantFournisseur": seller.identifier,
        "identifiantDestinataire": BAD,
        "numeroDP": "F-2",
        "libelleErreurDP": f"Aucun destinataire de l’annuaire n’a le SIRET {BAD}. Vérifiez-le auprès de votre client.",
        "codeErreur": "ANNUAIRE-DESTINATAIRE-INCONNU",
        "correction": codes.mend_of("ANNUAIRE-DESTINATAIRE-INCONNU"),
        "champ": "buyer",
        "chemin": "",
        "ligne": None,
        "fichier": "b.xml",
        "rang": 2,
    }
    assert (second["codeErreur"], second["fichier"], second["numeroDP"]) == ("XML-MAL-FORME", "c.xml", "")
    assert [one["numeroDP"] for one in told["listeDPPrises"]] == ["F-1"]


def test_no_refusal_is_cut(seller, user, at, xml):
    """Chorus Pro joins its messages and cuts them at 200 characters; here each one is whole, in every form."""
    lines = "".join(
        f'<cac:InvoiceLine><cbc:ID>{n}</cbc:ID><cbc:LineExtensionAmount currencyID="EUR">x{n}</cbc:LineExtensionAmount>'
        "<cac:Item><cbc:Name>L</cbc:Name></cac:Item></cac:InvoiceLine>"
        for n in range(300)
    )
    bad = xml("F-1").decode().replace("</Invoice>", lines + "</Invoice>").encode()
    flow = sent(bad, structure=seller, user=user, at=at, name="f.xml")
    kept = FlowInvoice.objects.get(flow=flow).findings
    told = report.as_object(flow)
    assert len(codes.refusals(kept)) == len(told["listeErreurDP"]) >= 300
    assert len(rows_of(report.as_csv(flow))) == len(told["listeErreurDP"]) + len(told["listeRemarqueDP"]) == len(kept)


def test_the_pdf_is_an_archive_of_every_refusal(partly):
    pdf = report_page.draw(flow=partly)
    assert probe(pdf, part=2) == ()
    text = " ".join(word.text for page in read_document(pdf).pages for word in page.words)
    for said in (
        partly.number,
        "ANNUAIRE-DESTINATAIRE-INCONNU",
        "XML-MAL-FORME",
        "F-1",
        "non analysé par un antivirus",
    ):
        assert said in text
    assert report_page.draw(flow=partly) == pdf


def test_the_csv_has_a_row_for_each_finding(partly):
    rows = rows_of(report.as_csv(partly))
    assert [(row["facture"], row["resultat"], row["code"]) for row in rows] == [
        ("F-1", "prise", ""),
        ("F-2", "refusée", "ANNUAIRE-DESTINATAIRE-INCONNU"),
        ("", "refusée", "XML-MAL-FORME"),
    ]
    assert all(row["correction"] for row in rows[1:])


TOO_MUCH = "Le montant à payer (500,00) dépasse le TTC (120,00)"


def test_a_remark_stands_beside_the_refusals_and_the_flow_is_whole_without_them(noted, seller, user, at, xml):
    told = report.as_object(noted)
    assert [row["codeErreur"] for row in told["listeErreurDP"]] == ["ANNUAIRE-DESTINATAIRE-INCONNU"]
    assert [row["numeroDP"] for row in told["listeRemarqueDP"]] == ["F-2", "F-3"]
    first = told["listeRemarqueDP"][0]
    assert first["libelleRemarqueDP"].startswith(TOO_MUCH)
    assert (first["codeRemarque"], first["champ"], first["fichier"], first["rang"]) == (
        "CPRO-A-PAYER-TROP",
        "payable_amount",
        "b.xml",
        2,
    )
    assert first["chemin"].endswith("cbc:PayableAmount")
    alone = sent(_due(xml("F-9"), b"500"), structure=seller, user=user, at=at, name="f.xml")
    assert (alone.state, alone.accepted, alone.refused) == (State.INTEGRATED, 1, 0)


def test_the_csv_says_of_each_remark_what_became_of_the_invoice(noted):
    rows = rows_of(report.as_csv(noted))
    assert [(row["facture"], row["resultat"], row["code"]) for row in rows] == [
        ("F-1", "prise", ""),
        ("F-2", "prise, avec une remarque", "CPRO-A-PAYER-TROP"),
        ("F-3", "refusée", "ANNUAIRE-DESTINATAIRE-INCONNU"),
        ("F-3", "refusée, remarque en plus", "CPRO-A-PAYER-TROP"),
    ]
    assert [bool(row["correction"]) for row in rows] == [False, False, True, False]


def test_the_pdf_has_the_remarks_after_the_refusals(noted):
    text = " ".join(word.text for page in read_document(report_page.draw(flow=noted)).pages for word in page.words)
    assert text.index("Factures refusées") < text.index("Factures prises, avec une remarque")
    taken = text[text.index("Factures prises, avec une remarque") :]
    assert "F-2" in taken
    assert "dépasse le TTC (120,00)" in taken
    assert "F-3" not in taken


def test_the_mail_counts_the_remarks(noted):
    body = Message.objects.get(kind="flow_ended").body
    assert "2 factures prises (dont 1 avec une remarque), 1 facture refusée." in body
    assert "- F-3 : Aucun destinataire" in body.replace("\u00a0", " ")
    assert "de plus)" not in body, "a remark is no second reason"


def test_an_invoice_taken_with_a_remark_is_told_to_the_suppliers_colleagues(seller, user, at, xml):
    colleague = a_member(structure=seller, at=at, name="Grace")
    sent(_due(xml("F-9"), b"500"), structure=seller, user=user, at=at, name="f.xml")
    assert Message.objects.get(kind="flow_deposited").recipient == colleague.email


def test_a_remark_is_no_reject_of_the_day(noted, seller, at):
    rows = rows_of(report.rejects_as_csv(structure_ids=[seller.pk], day=day_in_paris(at)))
    assert [(row["facture"], row["code"]) for row in rows] == [("F-3", "ANNUAIRE-DESTINATAIRE-INCONNU")]


@pytest.mark.parametrize(
    "value",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A", "\ufeff=1", "\u200b=1", " =1"],
)
def test_no_cell_is_a_formula(value):
    assert cell(value) == f"'{value}"


@pytest.mark.parametrize("value", ["F-1", "1=1", "a@b.example", "", "12/03/2026"])
def test_other_cells_stay_as_they_are(value):
    assert cell(value) == value


def test_what_was_declared_and_is_not_so_is_told(seller, user, at, xml):
    flow = operations.receive(
        structure=seller,
        file=_file(xml("F-1")),
        name="f.xml",
        size=len(xml("F-1")),
        actor=Actor(user),
        at=at,
        deposit_mode=DepositMode.FLOW_BY_PROGRAM,
        syntax="in_dp_e1_cii_16b",
    )
    assert operations.process(flow=flow, at=at)
    flow.refresh_from_db()
    assert flow.state == State.INTEGRATED
    [told] = report.as_object(flow)["listeErreurTechnique"]
    assert (told["natureErreur"], told["codeErreur"]) == ("AVERTISSEMENT", "FLUX-SYNTAXE-ANNONCEE")
    assert "CII (IN_DP_E1_CII_16B)" in told["libelleErreur"]
    assert "UBL (IN_DP_E1_UBL_INVOICE)" in told["libelleErreur"]


def _file(content: bytes):
    from django.core.files.base import ContentFile

    return ContentFile(content, name="f.xml")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("FSO1106A_XXX999_XXX9991106000000000000001.xml", "annoncé en CII"),
        ("FSO1100A_XXX999_XXX9991100000000000000001", ""),
        ("facture.xml", ""),
    ],
)
def test_a_flows_forficial_name_declares_too(seller, user, at, xml, name, told):
    flow = sent(xml("F-1"), structure=seller, user=user, at=at, name=name)
    sentences = [one.sentence for one in report.flow_errors(flow)]
    assert (told in sentences[0]) if told else sentences == []


def test_the_mail_has_the_counts_and_the_first_refusals(seller, user, at, xml):
    lot = archive({f"{n}.xml": xml(f"F-{n}", buyer=BAD) for n in range(7)} | {"bon.xml": xml("F-9")})
    sent(lot, structure=seller, user=user, at=at)
    body = Message.objects.get(kind="flow_ended").body
    assert "1 facture prise, 7 factures refusées" in body
    assert body.count(f"n’a le SIRET {BAD}") == 5
    assert "et 2 autres" in body


def test_the_days_rejects_are_one_file(partly, seller, user, at, xml):
    today = day_in_paris(at)
    rows = rows_of(report.rejects_as_csv(structure_ids=[seller.pk], day=today))
    assert [(row["numero_flux"], row["facture"], row["fichier"], row["code"]) for row in rows] == [
        (partly.number, "F-2", "b.xml", "ANNUAIRE-DESTINATAIRE-INCONNU"),
        (partly.number, "", "c.xml", "XML-MAL-FORME"),
    ]
    assert rows[0]["date_depot"] == f"{today:%d/%m/%Y}"
    assert rows_of(report.rejects_as_csv(structure_ids=[seller.pk], day=today - timedelta(days=1))) == []
    assert rows_of(report.rejects_as_csv(structure_ids=[], day=today)) == []


def test_flows_are_found_by_number_name_invoice_state_and_day(partly, seller, user, at, xml):
    other = sent(xml("G-1"), structure=seller, user=user, at=at, name="autre.xml")
    today = day_in_paris(at)

    def found(**wanted) -> set[str]:
        return {
            flow.number
            for flow in narrowed(flows_for(actor=Actor(user), right=Right.SEE_FLOWS), wanted=Wanted(**wanted))
        }

    both = {partly.number, other.number}
    assert found() == both
    assert found(text=partly.number[-6:]) == {partly.number}
    assert found(text="AUTRE.x") == {other.number}
    assert found(text="F-2") == {partly.number}
    assert found(state=State.INTEGRATED) == {other.number}
    assert found(since=today, until=today) == both
    assert found(since=today + timedelta(days=1)) == found(until=today - timedelta(days=1)) == set()


def test_sent_whole_again_after_mending_what_was_good_is_not_doubled(seller, user, at, xml):
    bad = {"b.xml": xml("F-2", buyer=BAD)}
    sent(archive({"a.xml": xml("F-1")} | bad), structure=seller, user=user, at=at)
    again = sent(archive({"a.xml": xml("F-1"), "b.xml": xml("F-2")}), structure=seller, user=user, at=at)
    assert (again.state, again.accepted, again.refused) == (State.INTEGRATED, 2, 0)
    assert [one["dejaPrise"] for one in report.as_object(again)["listeDPPrises"]] == [True, False]
