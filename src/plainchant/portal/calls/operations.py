"""Do a call that bears a key once, and answer its repetitions with what the first was answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from plainchant.portal.lib.errors import Refused
from plainchant.portal.store.operations import places_noted
from plainchant.portal.structures.models import TechnicalAccount

from .models import KeyedCall

KEPT_FOR = timedelta(days=1)


class KeyTaken(Refused):
    """The key stands for another call of this program."""

    code = "call_key_taken"

    def __init__(self) -> None:
        super().__init__(
            "Cette clé (Idempotency-Key) a déjà servi à une autre requête. Donnez une nouvelle clé à chaque envoi, et "
            "reprenez la même pour répéter le même.",
            field="Idempotency-Key",
        )


def do_once(
    *,
    account: TechnicalAccount,
    key: str,
    fingerprint: str,
    files: int,
    run: Callable[[], str],
    at: datetime,
) -> tuple[str, bool]:
    """What ``run`` answers, and whether that was before: then it is not run again.

    Whatever ``run`` writes is one transaction with the row that remembers it, so that a crash leaves both or neither; a
    second call of the key waits for the first. ``files`` is how many documents it may keep. Raises KeyTaken, and what
    ``run`` raises: nothing was done then, and the key is free.
    """
    with places_noted(count=files, at=at), transaction.atomic():
        KeyedCall.objects.filter(account=account, key=key, at__lte=at - KEPT_FOR).delete()
        call, is_new = KeyedCall.objects.get_or_create(
            account=account, key=key, defaults={"fingerprint": fingerprint, "answer": "", "at": at}
        )
        if not is_new:
            if call.fingerprint != fingerprint:
                raise KeyTaken
            return call.answer, True
        answer = run()
        KeyedCall.objects.filter(pk=call.pk).update(answer=answer)
        return answer, False


def counted(*, before: datetime) -> int:
    """How many calls were done before an instant."""
    return KeyedCall.objects.filter(at__lt=before).count()


def forget(*, before: datetime) -> int:
    """Forget those; how many."""
    return KeyedCall.objects.filter(at__lt=before).delete()[0]
