"""What a person keeps on their first page: a page of the portal, a structure of theirs, or one that they invoice."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from plainchant.portal.structures.models import Structure


class Pin(models.Model):
    """A link to a page or to a structure. It gives no right: one to a structure is shown while its page is."""

    class Page(models.TextChoices):
        DEPOSIT = "deposer", "Déposer une facture"
        ENTRY = "saisir", "Saisir une facture"
        ISSUED = "suivi", "Suivre vos factures"
        TO_PROCESS = "a-traiter", "Factures à traiter"
        RECEIVED = "recues", "Factures reçues"
        FLOWS = "flux", "Suivi des flux"
        PIECES = "pieces", "Pièces gardées sous la main"
        TICKETS = "sollicitations", "Sollicitations"
        DIRECTORY = "annuaire", "Annuaire"
        VERIFY = "verifier", "Vérifier une facture"
        STRUCTURES = "structures", "Mes structures"
        NOTICES = "notifications", "Mes notifications"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pins")
    page = models.CharField(max_length=20, choices=Page.choices, blank=True)
    structure = models.ForeignKey(Structure, null=True, on_delete=models.CASCADE, related_name="+")
    pinned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(page="", structure__isnull=False) | (~Q(page="") & Q(structure__isnull=True)),
                name="pins_of_one_thing",
            ),
            models.UniqueConstraint(fields=["user", "page"], condition=~Q(page=""), name="pins_one_of_a_page"),
            models.UniqueConstraint(fields=["user", "structure"], name="pins_one_of_a_structure"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.page or self.structure_id}"
