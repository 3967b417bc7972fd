"""Every official sample of Chorus Pro, handed in on the page and by command: taken or refused as the platform does."""

from __future__ import annotations

import csv
import json
import os
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile

from plainchant.cli import main
from plainchant.einvoice.codes.identifier_types import NUMBERED
from plainchant.einvoice.codes.works import WORKS, WORKS_PIECES
from plainchant.einvoice.structure_identifiers import kept_form
from plainchant.einvoice.verdict import Verdict, check, chorus_data_of
from plainchant.portal.flows.codes import refusals
from plainchant.portal.flows.models import Flow, FlowInvoice, State
from plainchant.portal.flows.operations import process
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.structures.models import Structure
from tests.making import a_member, a_structure, a_town, an_attachment

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def samples(shared: Path) -> list[Path]:
    folder = shared / "corpora/aife"
    return sorted([*folder.glob("aife-fso1116a-cii/*.xml"), *folder.glob("aife-fso1117a-facturx/*.pdf")])


# By hand: by command too, all of them.
EACH_WAY = "PLAINCHANT_TEST_SAMPLES" in os.environ
# Pieces of works that no file may begin a dossier with.
ELSEWHERE = {row.code for row in WORKS_PIECES if not row.begins}


@cache
def judged(path: Path) -> Verdict:
    return check(path.read_bytes(), at=day_in_paris(now()))


def cadre_of(path: Path) -> str:
    verdict = judged(path)
    return chorus_data_of(verdict).cadre_code if verdict.reading is not None else ""


def everyone_in(paths: list[Path], sender, at) -> None:
    """The suppliers, to whom the sender is attached, and the recipients, with the services that are named."""
    for path in paths:
        verdict = judged(path)
        if verdict.reading is None:
            continue
        data = chorus_data_of(verdict)
        if data.seller:
            kind = NUMBERED[data.seller_type].code
            named = {"identifier": kept_form(data.seller.value, identifier_type=kind), "identifier_type": kind}
            if not Structure.objects.filter(**named).exists():
                an_attachment(person=sender, structure=a_structure(at=at, **named), at=at)
        if data.validator and not Structure.objects.filter(identifier=data.validator.value).exists():
            a_town(at=at, identifier=data.validator.value, name="Valideur", email="valideur@example.org")
        if data.buyer is None:
            continue
        siret = data.buyer.value
        body = Structure.objects.filter(identifier=siret).first() or a_town(at=at, identifier=siret, name=siret)
        if data.cadre_code in WORKS:  # it is the owner of its works, and reads of them
            Structure.objects.filter(pk=body.pk).update(email="travaux@example.org")
        if data.buyer_service:
            body.services.get_or_create(code=data.buyer_service.value, defaults={"name": "Service"})


def oracle(shared: Path) -> dict[str, bool]:
    """File → whether it is valid against the schema that Chorus Pro uses, which is what it goes by (flows.md §1.2)."""
    with (shared / "corpora/aife/ORACLE.csv").open(encoding="utf-8") as rows:
        return {row["fichier"].rpartition("/")[2]: row["xsd_cii_d16b"] == "True" for row in csv.DictReader(rows)}


@pytest.fixture
def paths(shared: Path) -> list[Path]:
    found = samples(shared)
    assert len(found) == 60
    return found


@pytest.fixture
def sender(db):
    return a_member(structure=a_structure(at=now()), at=now())


def through_the_page(paths: list[Path], sender, client) -> dict[str, list[str]]:
    """Each sample a flow of its own; file → the rules that refused it."""
    client.force_login(sender)
    own = Structure.objects.get(memberships__user=sender, name="Atelier Lumen", identifier__startswith="9000000")
    told = {}
    for path in paths:
        file = SimpleUploadedFile(path.name, path.read_bytes())
        answer = client.post("/flux/deposer/", {"structure": own.uid, "file": file})
        assert answer.status_code == 302, path.name
        flow = Flow.objects.get(uid=answer.url.split("/")[2])
        while not process(flow=flow, at=now()):
            flow.refresh_from_db()
        told[path.name] = [one["rule"] for one in refusals(FlowInvoice.objects.get(flow=flow).findings)]
        page = client.get(answer.url).text
        assert ("Rien n’a été pris" if told[path.name] else "La facture est partie") in page
    return told


def by_command(paths: list[Path], sender) -> dict[str, list[str]]:
    own = Structure.objects.get(memberships__user=sender, name="Atelier Lumen", identifier__startswith="9000000")
    arguments = ["deposit", "--json", "--as", sender.email, "--for", own.identifier, *map(str, paths)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1, result.output[-2_000:]
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    return {Path(row["file"]).name: [one["rule"] for one in refusals(row["findings"])] for row in rows}


@pytest.mark.parametrize("way", ["page", "command"])
def test_each_sample_gets_the_platforms_answer(shared, paths, sender, client, way) -> None:
    """Apart from those of a circuit that the portal has not yet: see `test_pieces_of_works`."""
    paths = [path for path in paths if cadre_of(path) not in ELSEWHERE]
    if way == "command" and not EACH_WAY:
        paths = paths[::4]  # what is behind the two ways is the same
    everyone_in(paths, sender, now())
    told = through_the_page(paths, sender, client) if way == "page" else by_command(paths, sender)
    # The samples are cases, not a year's business: some reuse a number of the same supplier.
    again = {name for name, rules in told.items() if rules == ["CPRO-G2.07"]}
    taken = dict(FlowInvoice.objects.filter(invoice__isnull=False).values_list("flow__name", "number"))
    for name in again:
        assert FlowInvoice.objects.get(flow__name=name).number in taken.values()
    answers = oracle(shared)
    assert {name: not rules or name in again for name, rules in told.items()} == {name: answers[name] for name in told}
    assert {name: rules for name, rules in told.items() if rules and name not in again} == {"FSO1116A_P01.xml": ["XSD"]}
    assert len(told) == len(paths) == (14 if way == "command" and not EACH_WAY else 60 - 6)
    assert Invoice.objects.count() == len(taken) == len(told) - 1 - len(again)
    assert Flow.objects.filter(state=State.INTEGRATED).count() == len(taken)


def test_pieces_of_works_that_begin_no_dossier_are_refused_for_it_and_for_nothing_else(paths, sender, client) -> None:
    elsewhere = [path for path in paths if cadre_of(path) in ELSEWHERE]
    assert {cadre_of(path) for path in elsewhere} == {"A10", "A13", "A14", "A22"}
    everyone_in(elsewhere, sender, now())
    told = through_the_page(elsewhere, sender, client)
    assert list(told.values()) == [["FLUX-CIRCUIT"]] * 6
    assert not Invoice.objects.exists()


def test_parties_that_nobody_knows_are_told_and_nothing_else(paths, sender, client) -> None:
    carried = [path for path in paths if cadre_of(path) not in ELSEWHERE]
    told = through_the_page(carried[1::4], sender, client)
    assert len(told) > 10
    assert {rule for rules in told.values() for rule in rules} == {"FLUX-FOURNISSEUR", "ANNUAIRE-DESTINATAIRE-INCONNU"}
    assert all(set(rules) == {"FLUX-FOURNISSEUR", "ANNUAIRE-DESTINATAIRE-INCONNU"} for rules in told.values())


def test_the_official_archive_is_one_flow(shared, sender, client) -> None:
    archive = shared / "corpora/aife/aife-fso1116a-cii/FSO1116A_P100.tar.gz"
    client.force_login(sender)
    own = Structure.objects.get(memberships__user=sender)
    file = SimpleUploadedFile(archive.name, archive.read_bytes())
    assert client.post("/flux/deposer/", {"structure": own.uid, "file": file}).status_code == 302
    flow = Flow.objects.get()
    assert process(flow=flow, at=now())
    assert FlowInvoice.objects.filter(flow=flow).count() == flow.expected > 1
