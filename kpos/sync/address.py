"""Where a WaWi is, and by what it is recognised: checked before anything is sent there."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from kpos.domain.refusal import refuse

_SHA256_DIGITS = 64


def checked_url(url: str) -> str:
    """The address of a WaWi without a slash at its end.

    A token that travels in the clear is everybody's: plain HTTP goes to this machine alone.

    Raises:
        Refused: if it is no address, or one that may not be used.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise refuse("invalid", f"{url[:80]!r} is no address: {error}") from error
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment:
        raise refuse("invalid", f"{url[:80]!r} is no address of a WaWi: write https://wawi.example")
    if parts.username is not None or parts.password is not None:
        raise refuse("invalid", "an address holds neither name nor password")
    if parts.scheme == "http" and not _is_loopback(host):
        raise refuse("invalid", f"http:// goes to this machine alone: write https://{host}")
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def checked_fingerprint(text: str) -> str:
    """SHA-256 of a certificate as 64 lower-case hex digits; colons between them are left out.

    Raises:
        Refused: if it is none.
    """
    digits = text.replace(":", "").lower()
    if len(digits) != _SHA256_DIGITS or not set(digits) <= set("0123456789abcdef"):
        raise refuse("invalid", "a fingerprint is a SHA-256: 64 hex digits, colons between or not")
    return digits
