"""What an attachment, or a delegation, opens: written whole each time, so that nothing older is left behind."""

from __future__ import annotations

from collections.abc import Collection

from plainchant.portal.rights.profiles import BY_SERVICE, AccessProfile, spaces_of

from .models import Grant, Membership, Service


def give(*, membership: Membership, profiles: Collection[AccessProfile], services: Collection[Service] = ()) -> None:
    """Open to a person what ``profiles`` say and nothing else; what can be is opened for ``services`` alone, if any."""
    Grant.objects.filter(membership=membership).delete()
    Grant.objects.bulk_create(
        Grant(membership=membership, space=space, mode=mode, service=service)
        for space, mode in spaces_of(profiles).items()
        for service in ((services or (None,)) if space in BY_SERVICE else (None,))
    )
