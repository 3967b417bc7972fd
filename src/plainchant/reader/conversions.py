"""An electronic invoice in another syntax, made in the disposable process: a stranger's file is opened there alone."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from plainchant.einvoice.syntaxes.table import SyntaxName

from . import messages, sandbox
from .reasons import CHECK_SENTENCES, FailureReason, ReaderFailed
from .wire import TWO

MAX_CONVERTED_BYTES = 60 << 20


@dataclass(frozen=True)
class ConvertedFile:
    """``added`` and ``lost``: French sentences. ``refused``: why there is no ``content``."""

    content: bytes
    added: tuple[str, ...]
    lost: tuple[str, ...]
    refused: str


def convert_invoice(source: bytes, *, to: SyntaxName, profile: str = "", is_strict: bool = False) -> ConvertedFile:
    """The first invoice of a file (XML or Factur-X) in the syntax ``to``, in a ``profile`` of `einvoice.profiles`.

    ``is_strict``: Chorus Pro's data go where the reform wants them. Raises ReaderFailed.
    """
    options = {"to": to, "profile": profile, "is_strict": is_strict}
    try:
        body = sandbox.ask(
            "convert",
            source,
            options,
            seconds=sandbox.DEFAULT_SECONDS,
            max_bytes=MAX_CONVERTED_BYTES + sandbox.MAX_JSON_BYTES,
            pool=sandbox.Pool.DRAWINGS,
        )
        (length,) = TWO.unpack_from(body)
        answer = messages.decoded(messages.ConvertedInvoice, body[TWO.size : TWO.size + length])
    except ReaderFailed as failed:
        raise ReaderFailed(failed.reason, CHECK_SENTENCES) from failed
    except (*messages.SENSELESS, struct.error) as error:
        raise ReaderFailed(FailureReason.CRASHED, CHECK_SENTENCES) from error
    return ConvertedFile(
        content=body[TWO.size + length :], added=tuple(answer.added), lost=tuple(answer.lost), refused=answer.refused
    )
