"""How often a person wants to be mailed of what they follow, and up to when the lists have told them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from plainchant.portal.structures.models import Membership, Service

OF_CLIENTS = ""  # in place of a space: all that the clients of the structure let its people follow


class NoticeChoice(models.Model):
    """A rhythm from ``chosen_at`` on, of the invoices of a space: a structure's, or those of one service of it.

    Rows are added: what happened under a former choice is still told in its rhythm. Without a row it is the usual one.
    """

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="notice_choices")
    space = models.CharField(max_length=30)  # a Space, or OF_CLIENTS
    service = models.ForeignKey(Service, null=True, on_delete=models.CASCADE, related_name="+")
    rhythm = models.CharField(max_length=12)  # a Rhythm
    chosen_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["membership", "space", "-chosen_at"], name="notices_latest_choice")]

    def __str__(self) -> str:
        return f"{self.membership_id}, {self.space}: {self.rhythm}"


class Digest(models.Model):
    """Up to when the lists of one rhythm have told a person, whether there was something to tell or not."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests")
    rhythm = models.CharField(max_length=12)  # one with lists
    told_until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "rhythm"], name="notices_one_digest_of_a_rhythm")]

    def __str__(self) -> str:
        return f"{self.user_id}, {self.rhythm}"
