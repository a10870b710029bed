"""The canary: a ticket that the house opens for itself, under a contract of its own that nobody is scored by."""

SLUG = "canary"
