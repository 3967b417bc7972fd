"""How fast the directory answers over 140,000 bodies, and how often a misspelt name finds its body.

    .venv/bin/python bench/directory.py [--bodies 140000] [--queries 400] [--only sqlite|postgresql]

Each database in a process of its own: SQLite in a scratch file; PostgreSQL in the database of PLAINCHANT_BENCH_URL
(default postgres://plainchant:plainchant@127.0.0.1:5432/plainchant_bench), left out if it does not answer. Bodies
already loaded by an earlier run are kept. Beside each kind of query stands its ratio to a peer measured in the same
run: rapidfuzz comparing what was typed with every name in memory.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

SCRATCH = Path(tempfile.gettempdir()) / "plainchant-bench-directory"
POSTGRESQL = os.environ.get("PLAINCHANT_BENCH_URL", "postgres://plainchant:plainchant@127.0.0.1:5432/plainchant_bench")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bodies", type=int, default=140_000)
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        measure(options.bodies, options.queries)
        return
    SCRATCH.mkdir(exist_ok=True)
    scratch = str(SCRATCH)
    for name, url in (("sqlite", f"sqlite:///{SCRATCH}/directory.sqlite3"), ("postgresql", POSTGRESQL)):
        if options.only in (None, name):
            print(f"\n== {name}", flush=True)
            subprocess.run(
                [sys.executable, __file__, "--here", f"--bodies={options.bodies}", f"--queries={options.queries}"],
                env={
                    **os.environ,
                    "DATABASE_URL": url,
                    "PLAINCHANT_DATA": scratch,
                    "PLAINCHANT_QUEUE": "embedded",
                },
                check=False,
            )


def measure(bodies: int, queries: int) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plainchant.config.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import OperationalError, connection

    try:
        connection.ensure_connection()
    except OperationalError as error:
        print(f"left out: {error}")
        return
    call_command("migrate", verbosity=0)
    load(bodies)
    run(queries)


def load(bodies: int) -> None:
    from plainchant.demo.directory import generate
    from plainchant.portal.directory import operations
    from plainchant.portal.directory.models import Entry
    from plainchant.portal.directory.search import index
    from plainchant.portal.lib.time import now

    if Entry.objects.count() >= bodies:
        print(f"{Entry.objects.count()} bodies kept from an earlier run")
        return
    records = list(generate(bodies))
    start = time.perf_counter()
    for place in range(0, bodies, operations.BATCH):
        operations.record_bodies(bodies=records[place : place + operations.BATCH], at=now())
    index.refresh_statistics()
    print(f"load and index {bodies} bodies: {time.perf_counter() - start:.1f} s")


def run(queries: int) -> None:
    from rapidfuzz import fuzz, process

    from plainchant.portal.directory.models import Entry
    from plainchant.portal.directory.queries import search
    from plainchant.portal.directory.search import vocabulary
    from plainchant.portal.directory.search.text import fold
    from plainchant.portal.structures.models import Structure

    start = time.perf_counter()
    words = vocabulary.current()
    print(f"vocabulary: {len(words.bodies)} words, {1000 * (time.perf_counter() - start):.0f} ms to load")
    start = time.perf_counter()
    search(text="mairei de valbrmue")
    print(f"first misspelt query of a process: {1000 * (time.perf_counter() - start):.0f} ms")

    random = Random(7)
    keys = list(Entry.objects.values_list("pk", flat=True))
    rows = [Structure.objects.get(pk=key) for key in random.sample(keys, queries)]
    common = [word for word, _ in sorted(words.bodies.items(), key=lambda item: -item[1])[:60]]
    beginnings = [word[:length] for word in common[:40] for length in (2, 3, 4)]

    kinds: dict[str, list[tuple[str, int | None]]] = {
        "two prefixes": [(two_prefixes(row.name, random), None) for row in rows],
        "accent-less, in full": [(fold(f"{row.name} {row.city}").replace("-", " "), row.pk) for row in rows],
        "typo in name and town": [(f"{row.name} {typo(row.city, random)}", row.pk) for row in rows],
        "typo in town, one word": [(f"{one_word(row.name, random)} {typo(row.city, random)}", row.pk) for row in rows],
        "typo, town only": [(typo(row.city, random), None) for row in rows],
        "SIREN prefix": [(row.identifier[: random.randrange(6, 10)], None) for row in rows],
        "SIRET, one digit wrong": [(wrong_digit(row.identifier, random), row.pk) for row in rows],
        "town and postcode": [(f"{row.city} {row.postcode}", None) for row in rows],
        "very common words": [(text, None) for text in (common + beginnings) * 3],
        "two very common words": [(" ".join(random.sample(common[:25], 2)), None) for _ in rows],
    }
    names = list(Entry.objects.order_by("pk").values_list("phrase", flat=True))
    print(f"{'':28}{'p50 ms':>8}{'p99 ms':>8}{'max':>8}{'recall@10':>11}   times the peer's p50")
    for kind, asked in kinds.items():
        times, found = [], 0
        for text, wanted in asked:
            start = time.perf_counter()
            page = search(text=text, limit=10)
            times.append(1000 * (time.perf_counter() - start))
            found += wanted is not None and any(row.pk == wanted for row in page.results)
        peer = []
        for text, _ in random.sample(asked, min(len(asked), 12)):
            start = time.perf_counter()
            process.extract(fold(text), names, scorer=fuzz.WRatio, limit=10)
            peer.append(1000 * (time.perf_counter() - start))
        wants = sum(wanted is not None for _, wanted in asked)
        recall = f"{found / wants:.2f}" if wants else "–"
        ratio = middle(times) / middle(peer)
        print(
            f"{kind:28}{middle(times):8.1f}{part(times, 0.99):8.1f}{max(times):8.1f}{recall:>11}   "
            f"{ratio:.3f} (peer {middle(peer):.0f} ms)",
            flush=True,
        )


def middle(times: list[float]) -> float:
    return part(times, 0.5)


def part(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def two_prefixes(name: str, random: Random) -> str:
    words = [word for word in name.replace("-", " ").split() if len(word) > 3]
    return " ".join(word[: random.randrange(3, 6)] for word in random.sample(words, min(2, len(words))))


def one_word(name: str, random: Random) -> str:
    return random.choice([word for word in name.split() if len(word) > 3])


def typo(text: str, random: Random) -> str:
    """One slip in one word of four letters or more: a letter lost, doubled, replaced, or exchanged with the next."""
    words = text.replace("-", " ").split()
    long = [place for place, word in enumerate(words) if len(word) > 3] or [0]
    place = random.choice(long)
    word = words[place]
    at = random.randrange(len(word) - 1)
    words[place] = random.choice(
        [
            word[:at] + word[at + 1 :],
            word[: at + 1] + word[at:],
            word[:at] + random.choice("aeioulnrst") + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        ]
    )
    return " ".join(words)


def wrong_digit(siret: str, random: Random) -> str:
    at = random.randrange(3, 8)
    return siret[:at] + str((int(siret[at]) + 1) % 10) + siret[at + 1 :]


if __name__ == "__main__":
    main()
