"""check: would this file be accepted, by whom, and what is to be mended? What « Vérifier une facture » says."""

from __future__ import annotations

from typing import Any

import msgspec

from plainchant.access.permissions import PUBLIC
from plainchant.api.callers import Caller
from plainchant.api.operation import Retour, Success, WireObject, WireRequest, operation
from plainchant.api.refusals import given_file
from plainchant.api.values import Base64File
from plainchant.einvoice.channels import ChannelName
from plainchant.portal.codes import explain
from plainchant.portal.directory.verdicts import recipient_layer
from plainchant.portal.lib.time import day_in_paris
from plainchant.reader.sandbox import check_invoice

from .files import MOST_BODY, content_of

_RECIPIENT = "recipient"


class CheckParam(WireRequest):
    file: Base64File | None = None


class CheckedProblem(WireObject, kw_only=True):
    """``rule`` explains itself at `/aide/` and by `plainchant explain`; ``path`` and ``line`` are of the XML."""

    rule: str
    severity: str
    message: str
    mend: str = ""
    terms: list[str] = []
    path: str = ""
    line: int | None = None
    value: str = ""


class CheckedBy(WireObject, kw_only=True):
    """What one set of rules says: ``status`` is valid, invalid or skipped; ``why`` it was skipped."""

    name: str
    status: str
    findings: list[CheckedProblem]
    why: str = ""


class ChannelReply(WireObject):
    """What one channel would answer; ``why``: the rules for which it would refuse."""

    verdict: str
    why: list[str]


class CheckRetour(Retour, kw_only=True):
    """``verdict``: accepted or refused by ``channel``, the one that the file is written for."""

    kind: str
    verdict: str
    channel: str
    channels: dict[str, ChannelReply]
    layers: list[CheckedBy]


@operation(
    "/api/v1/check",
    permission=PUBLIC,
    request=CheckParam,
    response=CheckRetour,
    success=Success.DONE,
    most=MOST_BODY,
)
def check(caller: Caller, asked: CheckParam) -> CheckRetour:
    """Say whether Chorus Pro and an approved platform would take an invoice (XML or Factur-X). Nothing is kept."""
    day = day_in_paris(caller.at)
    checked = check_invoice(content_of(given_file(asked.file, "file")), at=day)
    recipient = recipient_layer(checked["addressed"], day=day)
    layers = [*checked["layers"], *([recipient] if recipient else [])]
    channels = {
        name: ChannelReply(verdict=row["verdict"], why=[each["rule"] for each in row["why"]])
        for name, row in checked["channels"].items()
    }
    verdict = checked["verdict"]
    if recipient is not None and recipient["status"] == "invalid":  # the directory is Chorus Pro's
        chorus = channels[ChannelName.CHORUS]
        lacking = [each["rule"] for each in recipient["findings"] if each["severity"] == "fatal"]
        channels[ChannelName.CHORUS] = ChannelReply(verdict="refused", why=[*chorus.why, *lacking])
        verdict = channels[checked["channel"]].verdict if checked["channel"] in channels else verdict
    return CheckRetour(
        kind=checked["kind"],
        verdict=verdict,
        channel=checked["channel"],
        channels=channels,
        layers=[_layer(layer) for layer in layers],
    )


def _layer(layer: dict[str, Any]) -> CheckedBy:
    return CheckedBy(
        name=layer["name"],
        status=layer["status"],
        why=layer.get("why", ""),
        findings=[msgspec.convert(each | {"mend": _mend(each["rule"])}, CheckedProblem) for each in layer["findings"]],
    )


def _mend(rule: str) -> str:
    return next((each.mend for each in explain(rule)), "")
