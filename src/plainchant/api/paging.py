"""Pages of a search, as the wire asks for them: by number. Two shapes of answers, one of requests."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from .leniency import also
from .operation import WireObject, WireRequest
from .values import Id

PER_PAGE, MOST_PER_PAGE = 10, 10_000
# Beyond, a search is to be narrowed: rows are found by their number, so that all before them are read too.
MOST_FOUND = 100_000


class ParametresRecherche(WireRequest):
    """A published document has getnbResultatsMaximum for one search; programs send either of the two."""

    pageResultatDemandee: Id | None = None
    nbResultatsParPage: Id | None = None
    nbResultatsMaximum: Id | None = None
    getnbResultatsMaximum: Id | None = None
    triSens: Annotated[Literal["Ascendant", "Descendant"] | None, also("triSense")] = None
    triColonne: str = ""

    @property
    def page(self) -> int:
        return min(max(self.pageResultatDemandee or 1, 1), MOST_FOUND)

    @property
    def size(self) -> int:
        return min(max(self.nbResultatsParPage or PER_PAGE, 1), MOST_PER_PAGE)

    @property
    def first(self) -> int:
        """How many results stand before this page."""
        return (self.page - 1) * self.size

    @property
    def most(self) -> int:
        """Results in all."""
        return min(max(self.nbResultatsMaximum or self.getnbResultatsMaximum or MOST_FOUND, 1), MOST_FOUND)

    @property
    def falls(self) -> bool | None:
        return None if self.triSens is None else self.triSens == "Descendant"

    def retour(self, total: int) -> ParametresRetour:
        """Where this page stands among ``total`` results."""
        total = min(total, self.most)
        return ParametresRetour(
            pageCourante=self.page, pages=-(-total // self.size), nbResultatsParPage=self.size, total=total
        )

    def left(self, total: int) -> int:
        """How many results this page shows."""
        return max(min(self.size, min(total, self.most) - self.first), 0)


class ParametresRetour(WireObject):
    pageCourante: int
    pages: int
    nbResultatsParPage: int
    total: int

    def at_root(self) -> dict[str, Any]:
        """For an answer that has them at its root."""
        return {
            "pageCourante": self.pageCourante,
            "pages": self.pages,
            "nbResultatsParPage": self.nbResultatsParPage,
            "total": self.total,
        }
