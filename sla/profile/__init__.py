"""Contract profiles: one module for each family of tables, all of them values that parse themselves strictly."""

from sla.profile.contract import Profile
from sla.profile.fields import AUDIENCES, GROUP, ON_DUTY, Duration

__all__ = ["AUDIENCES", "GROUP", "ON_DUTY", "Duration", "Profile"]
