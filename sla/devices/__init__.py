"""The equipment list of a contract: its rows, and which of them a message speaks of."""

from sla.devices.rows import Chosen, Cover, Device, Scope
from sla.devices.search import Index, Match

__all__ = ["Chosen", "Cover", "Device", "Index", "Match", "Scope"]
