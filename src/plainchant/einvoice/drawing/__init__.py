"""An invoice as a page people can read, which is also a file programs can: PDF/A-3 with the XML inside."""

from .draw import draw

__all__ = ["draw"]
