"""What a message asks for, how grave it is and of which device it speaks, with the reason in plain words."""

from sla.understanding.proposal import Proposal, propose

__all__ = ["Proposal", "propose"]
