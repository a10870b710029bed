"""Addresses in the settings: where to listen, and which servers to call."""

from urllib.parse import urlsplit

from bot.config.findings import Unfit

_HIGHEST_PORT = 65535


def listening(text: str) -> tuple[str, int]:
    """Host and port of ``127.0.0.1:8080`` or ``[::1]:8080``."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") if host.startswith("[") else host
    plain = host and not any(sign in host for sign in "/@ []")
    if not (plain and port.isascii() and port.isdigit() and int(port) <= _HIGHEST_PORT):
        raise Unfit("settings.listen")
    return host, int(port)


def server(text: str, schemes: tuple[str, ...], sentence: str) -> str:
    """The address of a server without its last slash; never repeated in the refusal, it may hold a password."""
    try:
        parts = urlsplit(text)
        fits = parts.scheme in schemes and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        fits = False
    if not fits or any(sign.isspace() for sign in text):
        raise Unfit(sentence)
    return text.rstrip("/")


def page(text: str) -> str:
    """The whole address of a page, as it is; never repeated in the refusal, it may be a secret."""
    server(text, ("http", "https"), "settings.http")
    return text


def endpoint(text: str) -> str:
    """The address before ``/chat/completions``, without its last slash; keys belong elsewhere, not in it."""
    parts = urlsplit(server(text, ("http", "https"), "settings.http"))
    if "@" in parts.netloc or "?" in text or "#" in text or not (text.isascii() and text.isprintable()):
        raise Unfit("settings.endpoint")
    return text.rstrip("/")
