"""PDF/A-3 as far as its structure says: a probe, not a validator."""

from .probe import MAX_BYTES, probe
from .table import PROBES, Probe

__all__ = ["MAX_BYTES", "PROBES", "Probe", "probe"]
