"""What an invoice is: frozen dataclasses in the terms of EN 16931."""

from .invoice import Invoice
from .party import Party

__all__ = ["Invoice", "Party"]
