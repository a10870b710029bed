"""How a ladder names people: a role, whoever is on duty in it (at one post or at all), or a bound group."""

from sla.terms import Role

ON_DUTY = "on_duty:"
GROUP = "group:"
AUDIENCES = ("vendor", "bureau", "joint")
_POST = "/"


def on_duty(role: str, post: str = "") -> str:
    """The selector of those on duty in a role, at one post if it is named."""
    return f"{ON_DUTY}{role}{_POST + post if post else ''}"


def role_of(selector: str) -> str:
    """The role that a selector names: ``engineer`` of ``engineer`` and of ``on_duty:engineer/video``."""
    role = selector.removeprefix(ON_DUTY)
    return role.partition(_POST)[0] if selector.startswith(ON_DUTY) else role


def post_of(selector: str) -> str | None:
    """The post that a selector names, if it names one."""
    return selector.partition(_POST)[2] or None if selector.startswith(ON_DUTY) else None


def is_known(selector: str) -> bool:
    """Whether the selector names a role or an audience that there is."""
    if selector.startswith(GROUP):
        return selector.removeprefix(GROUP) in AUDIENCES
    return role_of(selector) in set(Role) and not selector.endswith(_POST)
