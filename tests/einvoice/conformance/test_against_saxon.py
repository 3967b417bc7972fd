"""The same rule ids as the official rules under Saxon, over every document of the corpora (mutants: `test_mutants`).

What stays different on purpose is in docs/differences.md; here it is one table, and a row that no longer differs fails.
"""

from __future__ import annotations

from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.ubl.write import write as write_ubl
from tests.einvoice.conformance.corpora import Document
from tests.einvoice.conformance.engine import ids, own_profile, told, verdict
from tests.einvoice.conformance.oracle import Oracle
from tests.einvoice.rules import smallest_en

WRITERS = {"ubl": write_ubl, "cii": write_cii}
# (document, id): the official text does not see what we see, or the other way round.
ON_PURPOSE = frozenset({"BR-AF-04", "BR-S-01"})


def difference(oracle: Oracle, data: bytes) -> tuple[frozenset[str], frozenset[str]] | None:
    """(ours alone, Saxon's alone), all severities. None where Saxon says nothing: then ours must, and does; and for the
    profiles that have rules of their own (`test_profile_schematrons`).
    """
    found = verdict(data)
    if own_profile(found):
        return None
    judged = oracle.judge(data, rules="en16931")
    if judged.aborted:
        return None
    mine = ids(found, "en16931")
    theirs = judged.ids("fatal") | judged.ids("warning")
    return mine - theirs, theirs - mine


def test_every_document_of_the_corpora_gets_the_same_ids(oracle: Oracle, corpus: list[Document]) -> None:
    wrong, purposely, judged = [], set(), 0
    for document in corpus:
        found = difference(oracle, document.data)
        if found is None:
            continue
        judged += 1
        ours, theirs = found
        purposely |= (ours | theirs) & ON_PURPOSE
        if (ours | theirs) - ON_PURPOSE:
            wrong.append(f"{document.name}: ours {told(ours)}, Saxon {told(theirs)}")
    assert wrong == []
    assert judged > 150
    assert purposely == ON_PURPOSE


def test_a_no_break_space_is_a_letter_for_both(oracle: Oracle) -> None:
    for syntax, write in WRITERS.items():
        data = write(smallest_en.valid())
        for value in (b"380", b"EUR", b"FR"):
            spoiled = data.replace(b">%b<" % value, b">%b\xc2\xa0<" % value, 1)
            assert spoiled != data
            assert difference(oracle, spoiled) == (frozenset(), frozenset()), (syntax, value)
