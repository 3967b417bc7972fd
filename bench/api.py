"""How many calls of the programming interface a second: token, searches, deposits, all of them mixed; and its memory.

Run: [DATABASE_URL=postgres://…] python bench/api.py [--invoices 20000] [--calls 400] [--seconds 30] [--big 100]
[--many 100000].
`plainchant run` serves, with its workers, on PostgreSQL if it is named; the database is dropped afterwards.

A rate by the clock says little on a machine that others use, and what asks runs on the same processors. So the
processor's time of the web server and of PostgreSQL is counted for each call, and « on two cores » is what that time
allows two idle ones; what workers then do with a flow is not in it (bench/deposit.py). Then all are mixed, nine reads
for a deposit, by programs that ask at the same time: p99 by the clock. Before all of this, in one process and in turn:
what a call costs with the texts of its statements kept, and with each written anew (decision 0098).
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import random
import statistics
import threading
import time
from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import desk
import scratch
import tracking

NAME = "plainchant_bench_api"
SETTLED_SECONDS = 10.0  # workers start, and PostgreSQL's time is theirs too
READS, P99, GROWTH_MB = 500.0, 0.250, 50.0  # goals
_numbers = itertools.count(1)


class Program:
    """A vendor's: one connection, a token, a technical account."""

    def __init__(self, port: int, credentials: dict[str, str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        self.credentials = credentials
        account = f"{credentials['login']}:{credentials['password']}".encode()
        self._headers = {"cpro-account": b64encode(account).decode(), "Content-Type": "application/json"}
        self.token()

    def token(self) -> None:
        form = "grant_type=client_credentials&client_id={client_id}&client_secret={client_secret}"
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self._call("/api/oauth/token", form.format(**self.credentials).encode(), kind)
        self._headers["Authorization"] = f"Bearer {answer['access_token']}"

    def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Raises RuntimeError for any answer but one that went well."""
        answer = self._call(f"/cpro/{path}", json.dumps(body).encode(), self._headers)
        if answer.get("codeRetour"):
            raise RuntimeError(f"{path}: {answer['libelle']}")
        return answer

    def send(self, content: bytes, name: str) -> None:
        self.ask("factures/v1/deposer/flux", {"fichierFlux": b64encode(content).decode(), "nomFichier": name})

    def _call(self, path: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        self._connection.request("POST", path, body, headers)
        with self._connection.getresponse() as response:
            found = response.read()
            if response.status != 200:
                raise RuntimeError(f"{path}: {response.status} {found[:200]!r}")
        answer: dict[str, Any] = json.loads(found)
        return answer


class InProcess(Program):
    """The same in this process, through Django's own client."""

    def __init__(self, credentials: dict[str, str]) -> None:
        from django.test import Client

        self._client = Client()
        super().__init__(0, credentials)

    def _call(self, path: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        kind = headers["Content-Type"]
        given = {name: value for name, value in headers.items() if name != "Content-Type"}
        response = self._client.post(path, body, content_type=kind, headers=given)
        if response.status_code != 200:
            raise RuntimeError(f"{path}: {response.status_code} {response.content[:200]!r}")
        answer: dict[str, Any] = response.json()
        return answer


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--invoices", type=int, default=20_000, help="that there are")
    options.add_argument("--calls", type=int, default=400, help="of each kind, one after the other")
    options.add_argument("--seconds", type=int, default=30, help="that all are mixed")
    options.add_argument("--big", type=int, default=100, help="MB of the largest body; 0: none")
    options.add_argument("--many", type=int, default=0, help="calls in all, to see whether the memory grows; 0: none")
    asked = options.parse_args()
    os.environ["PLAINCHANT_API_RATE"] = "0"  # before settings are read: the first calls are made in this process
    with scratch.portal(NAME, with_invoices=False):
        from django.db import connection

        print(f"{connection.vendor}, {os.cpu_count()} cores, load {scratch.load()}, {asked.invoices:,} invoices")
        parties = tracking._parties()
        tracking.make(asked.invoices, 0, parties)
        credentials = _credentials(parties)
        _texts(_calls(InProcess(credentials), parties), asked.calls)
        connection.close()
        served = desk.Served()
        with served as base:
            port, server = int(base.rpartition(":")[2]), _web(served.process.pid)
            time.sleep(SETTLED_SECONDS)
            program = Program(port, credentials)
            calls = _calls(program, parties)
            _each(calls, server, asked.calls)
            _mixed(lambda: _calls(Program(port, credentials), parties), server, asked.seconds)
            if asked.many:
                _many(lambda: _calls(Program(port, credentials), parties), server, asked.many)
            if asked.big:
                _bodies(program, server, parties, asked.big)


def _credentials(parties: tracking.Parties) -> dict[str, str]:
    from plainchant.portal.lib.time import now
    from plainchant.portal.mandates.operations import subscribe
    from plainchant.portal.rights.actor import Actor
    from plainchant.portal.rights.profiles import AccessProfile
    from plainchant.portal.structures import applications, technical_accounts
    from plainchant.portal.structures.models import Structure

    given: dict[str, Any] = {"structure": parties[0][0], "actor": Actor(parties[2]), "name": "Essai", "at": now()}
    subscribe(**given)  # SAISIE_API asks for it
    siren = parties[0][0].identifier[:9]
    number = f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"
    Structure.objects.filter(pk=parties[0][0].pk).update(vat_number=number)
    application, secret = applications.make(**given)
    account, password = technical_accounts.make(**given, profiles=[AccessProfile.EVERYTHING])
    return {
        "client_id": application.client_id,
        "client_secret": secret,
        "login": account.identifier,
        "password": password,
    }


def _calls(program: Program, parties: tracking.Parties) -> dict[str, Callable[[], Any]]:
    """What is measured, by name; each finds other invoices every time."""
    seller, town = parties[0][0].identifier, parties[1][0].identifier
    found = program.ask("factures/v1/rechercher/fournisseur", {"rechercheFactureParFournisseur": _PAGE})
    invoices = [(row["identifiantFactureCPP"], row["numeroFacture"]) for row in found["listeFactures"]]
    luck = random.Random(7)

    def deposit() -> None:
        number = f"API-{os.getpid()}-{next(_numbers)}"
        program.send(scratch.cii_between(seller, town, number), f"{number}.xml")

    return {
        "token": program.token,
        "rechercher, ten lines": lambda: program.ask("factures/v1/rechercher/fournisseur", {}),
        "rechercher, one number": lambda: program.ask(
            "factures/v1/rechercher/fournisseur", {"numeroFacture": luck.choice(invoices)[1]}
        ),
        "consulter": lambda: program.ask(
            "factures/v1/consulter/fournisseur", {"identifiantFactureCPP": luck.choice(invoices)[0]}
        ),
        "historique": lambda: program.ask("factures/v1/consulter/historique", {"idFacture": luck.choice(invoices)[0]}),
        "deposer/flux": deposit,
        "soumettre": lambda: program.ask("factures/v1/soumettre", _submitted(seller, town, next(_numbers))),
    }


_PAGE = {"pageResultatDemandee": 1, "nbResultatsParPage": 200}


def _submitted(seller: str, buyer: str, number: int) -> dict[str, Any]:
    """An invoice as a program sends it, with one line."""
    from plainchant.portal.structures.models import Structure

    key = Structure.objects.values_list("pk", flat=True).get(identifier=seller)
    return {
        "modeDepot": "SAISIE_API",
        "numeroFactureSaisi": f"S{os.getpid()}-{number}"[:20],
        "dateFacture": "2026-11-02",
        "destinataire": {"codeDestinataire": buyer},
        "fournisseur": {"idFournisseur": key},
        "cadreDeFacturation": {"codeCadreFacturation": "A1_FACTURE_FOURNISSEUR"},
        "references": {
            "deviseFacture": "EUR", "typeFacture": "FACTURE", "typeTva": "TVA_SUR_DEBIT", "modePaiement": "VIREMENT",
        },
        "lignePoste": [
            {
                "lignePosteNumero": 1, "lignePosteReference": "A", "lignePosteDenomination": "Atelier",
                "lignePosteQuantite": 2, "lignePosteUnite": "heure", "lignePosteMontantUnitaireHT": 50,
                "lignePosteTauxTva": "TVA20",
            }
        ],
        "montantTotal": {
            "montantHtTotal": 100, "montantTVA": 20, "montantTtcTotal": 120, "montantAPayer": 120,
        },
    }  # fmt: skip


def _texts(calls: dict[str, Callable[[], Any]], count: int) -> None:
    """Medians of this process's processor, without the database's: a call with texts kept and one without in turn."""
    from plainchant.portal.lib.written_once import WrittenOnce

    print(f"\n{'texts of statements':28s} {'kept ms':>9s} {'anew ms':>11s} {'ratio':>7s}")
    for name in ("token", "rechercher, ten lines", "rechercher, one number", "consulter", "historique"):
        taken: dict[bool, list[float]] = {True: [], False: []}
        for place in range(2 * count):
            WrittenOnce.keeps_texts = place % 2 == 0
            begun = time.process_time()
            calls[name]()
            taken[WrittenOnce.keeps_texts].append(time.process_time() - begun)
        kept, anew = (1000 * statistics.median(taken[keeps]) for keeps in (True, False))
        print(f"{name:28s} {kept:9.1f} {anew:11.1f} {anew / kept:7.2f}")
    WrittenOnce.keeps_texts = True


def _web(root: int) -> int:
    """The process below ``root`` that serves the web; its children are the readers of what is sent."""
    titles = {pid: (Path("/proc") / str(pid) / "cmdline").read_bytes() for pid in scratch.family_of(root)}
    return min(pid for pid, title in titles.items() if b"granian" in title)


def _each(calls: dict[str, Callable[[], Any]], server: int, count: int) -> None:
    print(f"\n{'one after the other':28s} {'server ms':>9s} {'database ms':>11s} {'p99 ms':>7s}  a second on two cores")
    for name, call in list(calls.items()):
        try:
            call()
        except RuntimeError as why:
            print(f"{name:28s} not measured: {why}")
            del calls[name]
            continue
        many = count if name not in ("deposer/flux", "soumettre") else max(count // 8, 10)
        before = scratch.seconds_of(server), scratch.seconds_of_postgresql(NAME)
        times = []
        for _ in range(many):
            begun = time.perf_counter()
            call()
            times.append(time.perf_counter() - begun)
        own = (scratch.seconds_of(server) - before[0]) / many
        database = (scratch.seconds_of_postgresql(NAME) - before[1]) / many
        rate = 2 / (own + database)
        print(f"{name:28s} {1000 * own:9.1f} {1000 * database:11.1f} {1000 * _p99(times):7.0f}  {rate:6.0f}")


def _mixed(calls_of: Callable[[], dict[str, Callable[[], Any]]], server: int, seconds: int) -> None:
    """Four programs at once; each deposits once in ten calls."""
    times: dict[str, list[float]] = defaultdict(list)
    failed: list[str] = []
    until = time.monotonic() + seconds
    before, memory = scratch.seconds_of(server), _memory(server)

    def work(seed: int) -> None:
        calls, luck = calls_of(), random.Random(seed)
        reads = [name for name in calls if name not in ("deposer/flux", "soumettre")]
        while time.monotonic() < until:
            name = "deposer/flux" if luck.random() < 0.1 else luck.choice(reads)
            begun = time.perf_counter()
            try:
                calls[name]()
            except (RuntimeError, OSError) as why:
                failed.append(f"{name}: {why}")
            times[name].append(time.perf_counter() - begun)

    programs = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for program in programs:
        program.start()
    for program in programs:
        program.join()
    total = sum(map(len, times.values()))
    own = scratch.seconds_of(server) - before
    print(f"\nmixed, four programs at once, {seconds} s: {total / seconds:.0f} calls a second, {len(failed)} failed")
    for name, found in sorted(times.items()):
        print(f"  {name:28s} {len(found) / seconds:6.1f} a second, p99 {1000 * _p99(found):6.0f} ms")
    reads = sum(len(found) for name, found in times.items() if name != "deposer/flux")
    worst = max(map(_p99, times.values()))
    print(f"  server {own / total * 1000:.1f} ms a call; {reads / seconds:.0f} reads a second (goal {READS:g})")
    print(f"  p99 {tracking._said(worst, P99)}, memory {_memory(server) - memory:+.0f} MB (load {scratch.load()})")
    for why in failed[:3]:
        print(f"  failed: {why}")


def _many(calls_of: Callable[[], dict[str, Callable[[], Any]]], server: int, count: int) -> None:
    """The server's memory at each tenth of many reads, by two programs; a deposit among a thousand."""
    print(f"\nmemory over {count:,} calls")
    left = itertools.count(count, -1)
    failed: list[str] = []

    def work(seed: int) -> None:
        calls, luck = calls_of(), random.Random(seed)
        reads = [name for name in calls if name not in ("deposer/flux", "soumettre")]
        while (place := next(left)) > 0:
            try:
                calls["deposer/flux" if place % 1000 == 0 else luck.choice(reads)]()
            except (RuntimeError, OSError) as why:
                failed.append(str(why))
            if place % (count // 10) == 0:
                print(f"  {count - place:9,} calls  {_memory(server):7.1f} MB", flush=True)

    programs = [threading.Thread(target=work, args=(seed,)) for seed in range(2)]
    for program in programs:
        program.start()
    for program in programs:
        program.join()
    print(f"  {count:9,} calls  {_memory(server):7.1f} MB, {len(failed)} failed")


def _bodies(program: Program, server: int, parties: tracking.Parties, big: int) -> None:
    """The server's memory before, at its highest while bodies of two sizes come in, and after."""
    print("\nbodies")
    seller, town = parties[0][0].identifier, parties[1][0].identifier
    for size in (0.5, big):
        # The body holds it in base64, which is a third longer.
        filler = b"<!--" + os.urandom(1).hex().encode() * int(size * (1 << 19) * 3 / 4) + b"-->"
        content = scratch.cii_between(seller, town, f"GROS-{size}") + filler
        memory, highest = _memory(server), [0.0]
        is_done = threading.Event()

        def watch(highest: list[float] = highest, is_done: threading.Event = is_done) -> None:
            while not is_done.wait(0.05):
                highest[0] = max(highest[0], _memory(server))

        watching = threading.Thread(target=watch)
        watching.start()
        begun = time.perf_counter()
        try:
            program.send(content, f"gros-{size}.xml")
            outcome = "taken"
        except RuntimeError as why:
            outcome = str(why)[:120]
        is_done.set()
        watching.join()
        growth = max(highest[0], _memory(server)) - memory
        print(
            f"  {size:g} MB: {time.perf_counter() - begun:.1f} s, memory {growth:+.0f} MB at most "
            f"({'reached' if growth <= GROWTH_MB else 'missed'}), {outcome}"
        )


def _memory(root: int) -> float:
    """MB that the web server holds for itself; not its readers, whose memory has walls."""
    found = 0.0
    for pid in scratch.family_of(root):
        try:
            if b"granian" not in (Path("/proc") / str(pid) / "cmdline").read_bytes():
                continue
            lines = (Path("/proc") / str(pid) / "status").read_text().splitlines()
        except OSError:
            continue
        found += sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon"))
    return found


def _p99(times: list[float]) -> float:
    return sorted(times)[int(0.99 * (len(times) - 1))]


if __name__ == "__main__":
    main()
