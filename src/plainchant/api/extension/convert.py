"""convert: an invoice in another syntax, with what was added to it and what the new file does not say."""

from __future__ import annotations

from io import BytesIO
from typing import cast

from plainchant.access.permissions import PUBLIC
from plainchant.api.answers import AnswerWithFile
from plainchant.api.callers import Caller
from plainchant.api.operation import Retour, Success, WireRequest, operation
from plainchant.api.refusals import NotConverted, ValueMissing, given_file
from plainchant.api.values import Base64File
from plainchant.einvoice.profiles import PROFILE_OF
from plainchant.einvoice.syntaxes.table import SYNTAXES, SyntaxName
from plainchant.reader.conversions import convert_invoice

from .files import MOST_BODY, content_of


class ConvertParam(WireRequest):
    """``to``: ubl, cii, facturx, ubl-minimal, cii-minimal, mixed, pivot.

    ``profile``: of a CII or a Factur-X, for example « EN 16931 ». ``chorus``: Chorus Pro's data go where the reform
    wants them.
    """

    file: Base64File | None = None
    to: str = ""
    profile: str = ""
    chorus: bool | None = None


class ConvertRetour(Retour, kw_only=True):
    """``added`` and ``lost``: French sentences. ``ending``: of a name for the file."""

    ending: str
    added: list[str]
    lost: list[str]
    file: str


@operation(
    "/api/v1/convert",
    permission=PUBLIC,
    request=ConvertParam,
    response=ConvertRetour,
    success=Success.DONE,
    most=MOST_BODY,
)
def convert(caller: Caller, asked: ConvertParam) -> AnswerWithFile:
    """Write an invoice (XML or Factur-X) in another syntax; say what was added and what is lost. Nothing is kept."""
    source = content_of(given_file(asked.file, "file"))
    wanted, profile = asked.to.strip().lower(), asked.profile.strip()
    if wanted not in SYNTAXES:
        raise ValueMissing("to")
    if profile and (profile not in PROFILE_OF or wanted not in ("cii", "facturx")):
        raise ValueMissing("profile")
    made = convert_invoice(source, to=cast("SyntaxName", wanted), profile=profile, is_strict=bool(asked.chorus))
    if made.refused:
        raise NotConverted(made.refused)
    return AnswerWithFile(
        lambda mark: ConvertRetour(
            ending=SYNTAXES[wanted].ending, added=list(made.added), lost=list(made.lost), file=mark
        ),
        BytesIO(made.content),
    )
