"""What the managers of a public body have set, an import of the directory leaves alone: these columns are noted."""

from __future__ import annotations

from collections.abc import Iterable

from .models import Service, Structure


def own(*, structure: Structure, columns: Iterable[str]) -> None:
    """Note that these columns of a public body are its managers' from now on. Others are never imported."""
    if structure.is_public:
        structure.own_columns = with_own(structure, columns)
        Structure.objects.filter(pk=structure.pk).update(own_columns=structure.own_columns)


def with_own(row: Structure | Service, columns: Iterable[str]) -> str:
    """`own_columns` with these among them."""
    return " ".join(sorted({*row.own_columns.split(), *columns}))
