"""An invoice as a page people can read, which is also a file programs can: PDF/A-3 with the XML inside."""

from .draw import draw
from .look import PLAIN, Look, LookRefused

__all__ = ["PLAIN", "Look", "LookRefused", "draw"]
