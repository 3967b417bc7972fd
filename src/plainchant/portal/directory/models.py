"""The index of the directory (annuaire). The bodies themselves are `Structure` rows.

Beside each public body stands an `Entry`: its name and place in the form people type them. The database's own full-text
index over `Entry.words` (FTS5 or tsvector) is made by the migration `0002_full_text`.
"""

from __future__ import annotations

import uuid

from django.db import models

from plainchant.portal.structures.models import Structure


class Entry(models.Model):
    """What the search knows of one public body. Written by `search.index` only."""

    structure = models.OneToOneField(
        Structure, on_delete=models.CASCADE, primary_key=True, related_name="directory_entry"
    )
    identifier = models.CharField(max_length=80)
    words = models.TextField()  # marks (see `search.text`), then each word once, separated by one space
    phrase = models.TextField()  # "name|place", in reading order: for ranking

    class Meta:
        indexes = [models.Index(fields=["identifier"], name="directory_entry_identifier")]

    def __str__(self) -> str:
        return self.phrase


class Word(models.Model):
    """A word of the directory, and in how many bodies it stands: in all, and in their postcode or town.

    Typing mistakes are mended against these; the second count tells a town from any other word.
    """

    word = models.CharField(max_length=100, primary_key=True)
    bodies = models.IntegerField()
    places = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.word} ({self.bodies})"


class Establishment(models.Model):
    """What an extract of Insee's Sirene says of a SIRET, to fill in the first form. Nobody is known here for it."""

    siret = models.CharField(max_length=14, primary_key=True)
    name = models.CharField(max_length=201, blank=True)
    address_line = models.CharField(max_length=255, blank=True)
    address_extra_1 = models.CharField(max_length=255, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=100, blank=True)
    is_open = models.BooleanField(default=True)
    is_masked = models.BooleanField(default=False)  # « non diffusible »: nothing else of it is kept

    def __str__(self) -> str:
        return f"{self.siret} {self.name}"


class Revision(models.Model):
    """One row: the state of the vocabulary. A process whose stamp differs loads it again.

    A random stamp rather than a counter: a counter that a rolled-back transaction had raised would come back with
    other contents. The row is also the lock that lets one writer at a time change the index.
    """

    stamp = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return str(self.stamp)
