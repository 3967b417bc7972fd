"""telechargerGroupeFacture: the documents of invoices, as PDF or as Chorus Pro's own XML (PIVOT)."""

from __future__ import annotations

from io import BytesIO
from pathlib import PurePath
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, cast

from plainchant.api.answers import AnswerWithFile, Stopped
from plainchant.api.bodies import IN_MEMORY
from plainchant.api.callers import Caller
from plainchant.api.operation import Retour, WireRequest, operation
from plainchant.api.refusals import UnknownInvoice, ValueMissing
from plainchant.api.values import Id
from plainchant.einvoice.codes.attachments import MAX_FOLDER_BYTES
from plainchant.portal.invoices.bundles import BundleKind, bundle_of, one_pivot, require_few
from plainchant.portal.invoices.lifecycle import Side
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.operations import record_downloads
from plainchant.portal.invoices.permissions import (
    SEE_ISSUED_INVOICE,
    SEE_RECEIVED_INVOICE,
    SEE_VALIDATION_INVOICE,
    SEE_WORKS_PIECE,
)
from plainchant.portal.lib.archives import ArchivedFile, write_archive

from .sides import SIDES

_PIVOT, _PDF, _ZIP = ("PIVOT", "XML"), "PDF", "ZIP"


class FactureDemandee(WireRequest):
    idFacture: Id | None = None


class TelechargerGroupeFactureParam(WireRequest):
    idUtilisateurCourant: Id | None = None
    idEspace: Id | None = None
    format: str = ""
    avecPiecesJointesComplementaires: bool | None = None
    listeFacture: list[FactureDemandee] = []


class WsRetourTelechargerGroupeFacture(Retour):
    fichierResultat: str


@operation(
    "/cpro/factures/v1/telecharger/groupe",
    permission=SEE_ISSUED_INVOICE,
    others=(SEE_RECEIVED_INVOICE, SEE_VALIDATION_INVOICE, SEE_WORKS_PIECE),
    request=TelechargerGroupeFactureParam,
    response=WsRetourTelechargerGroupeFacture,
)
def telecharger_groupe(caller: Caller, asked: TelechargerGroupeFactureParam) -> AnswerWithFile:
    """The documents of invoices: PIVOT is one XML, PDF one PDF or a ZIP. A supplier reads that they were taken."""
    file = documents_of(
        caller, asked.listeFacture, form=asked.format, with_attachments=bool(asked.avecPiecesJointesComplementaires)
    )
    return AnswerWithFile(lambda mark: WsRetourTelechargerGroupeFacture(fichierResultat=mark), file)


def documents_of(caller: Caller, wanted: list[FactureDemandee], *, form: str, with_attachments: bool) -> IO[bytes]:
    """What is downloaded of these invoices; it is noted of those that the program sees as their recipient.

    Raises ValueMissing, UnknownInvoice, TooManyToDownload, NoPivot, StoreAway; Stopped where it is too large.
    """
    form = form.strip().upper()
    if form not in (*_PIVOT, _PDF, _ZIP):
        raise ValueMissing("format")
    keys = [each.idFacture for each in wanted if each.idFacture is not None]
    if not keys:
        raise ValueMissing("listeFacture")
    require_few(len(keys))
    invoices, received = _seen(caller, list(dict.fromkeys(keys)))
    file: IO[bytes]
    if form in _PIVOT:
        file = BytesIO(one_pivot(invoices=invoices, at=caller.at))
    else:
        kind = BundleKind.EVERYTHING if form == _ZIP or with_attachments else BundleKind.PAGES
        # The names of archives say the other side: that of the recipient for whoever sent one.
        side = Side.BUYER if len(received) == len(invoices) else Side.SELLER
        files = bundle_of(invoices=invoices, kind=kind, side=side, at=caller.at)
        file = one_file_of(caller, files, several=len(invoices) > 1)
    if file.seek(0, 2) > MAX_FOLDER_BYTES:
        raise Stopped(413, f"Ces documents dépassent {MAX_FOLDER_BYTES >> 20} Mo. Demandez moins de factures.")
    if received:
        record_downloads(invoices=received, actor=caller.actor, at=caller.at)
    return file


def _seen(caller: Caller, keys: list[int]) -> tuple[list[Invoice], list[Invoice]]:
    """The invoices of these keys, and which of them the program sees as their recipient. Raises UnknownInvoice."""
    found: dict[int, Invoice] = {}
    received = []
    for permission, side in SIDES.items():
        missing = [key for key in keys if key not in found]
        rows = caller.objects(permission).in_bulk(missing) if missing else {}
        found |= rows
        received += list(rows.values()) if side is Side.BUYER else []
    if len(found) != len(keys):
        raise UnknownInvoice("idFacture")
    return [found[key] for key in keys], received


def one_file_of(caller: Caller, files: list[ArchivedFile], *, several: bool = False) -> BinaryIO:
    """One file as it is, else a ZIP of all of them, where each of ``several`` invoices has a folder."""
    out = cast("BinaryIO", SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115 - closed once it is sent
    if len(files) == 1 and not several:
        for piece in files[0].pieces():
            out.write(piece)
        return out
    if several:
        files = [file if "/" in file.name else _in_folder(file) for file in files]
    write_archive(out, files, at=caller.at)
    return out


def _in_folder(file: ArchivedFile) -> ArchivedFile:
    return ArchivedFile(f"{PurePath(file.name).stem}/{file.name}", file.pieces, file.is_dense)
