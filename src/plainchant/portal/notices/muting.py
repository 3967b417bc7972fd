"""The signed words by which a mail stops being sent to its reader (List-Unsubscribe, RFC 8058), without a log-in.

They say for whom, and which rhythm they end: once it is another, they change nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing

from plainchant.portal.accounts.models import User
from plainchant.portal.rights.rights import Space

from .rhythms import Rhythm

_SALT = "notices.mute"


@dataclass(frozen=True)
class Muting:
    """What a token asks: to end ``rhythm`` for all that a ``person`` follows, or for an attachment in a ``space``.

    Of an attachment without a space: for the clients of its structure.
    """

    rhythm: Rhythm
    person: int | None = None
    membership: int | None = None
    space: Space | None = None


def token_of(*, membership: int, space: Space | None, rhythm: Rhythm) -> str:
    """Of a mail about an invoice, to somebody who is told of it by this attachment; without a space, of a client's."""
    return signing.dumps([rhythm, membership, space], salt=_SALT)


def token_of_lists(*, person: User, rhythm: Rhythm) -> str:
    """Of a list."""
    return signing.dumps([rhythm, person.pk], salt=_SALT)


def read(token: str) -> Muting | None:
    """What a token asks; None for one that this portal has not signed."""
    try:
        rhythm, whom, *space = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    if space:
        return Muting(Rhythm(rhythm), membership=whom, space=Space(space[0]) if space[0] else None)
    return Muting(Rhythm(rhythm), person=whom)
