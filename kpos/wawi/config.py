"""``wawi.toml`` in the data folder: the few options of the companion server.

Without the file all of them have defaults that suit a first look on one machine.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from kpos.config import ConfigError, read_toml
from kpos.domain.member import LANGUAGES

DATA_VARIABLE = "KPOS_WAWI_DATA"
DEFAULT_DATA = Path("/var/lib/kpos-wawi")
FILE = "wawi.toml"
KEY_FILE = "secret-key"
METRICS_FILE = "metrics-token"
DATABASE_FILE = "wawi.db"
_KEY_BYTES = 50


@dataclass(frozen=True)
class WawiConfig:
    """``[wawi]``: where it listens, what it is called from outside, where its data are."""

    listen: str = "127.0.0.1:8020"
    url: str = ""
    hosts: str = ""
    database: str = ""
    language: str = "de"


def load_config(data: Path) -> WawiConfig:
    """The options of a data folder.

    Raises:
        ConfigError: naming file, option and what is allowed.
    """
    path = data / FILE
    try:
        values = read_toml(path)
    except FileNotFoundError:
        return WawiConfig()
    try:
        return parse_config(values)
    except ConfigError as error:
        msg = f"{path}: {error}"
        raise ConfigError(msg) from error


def parse_config(values: Mapping[str, Any]) -> WawiConfig:
    """A parsed TOML document.

    Raises:
        ConfigError: for an unknown option or a value that is not one.
    """
    known = [each.name for each in fields(WawiConfig)]
    section = values.get("wawi", {})
    if set(values) - {"wawi"} or not isinstance(section, dict):
        msg = "there is one section, [wawi]"
        raise ConfigError(msg)
    for option, value in section.items():
        if option not in known:
            msg = f"[wawi] has no option {option[:40]!r}; there are {', '.join(known)}"
            raise ConfigError(msg)
        if not isinstance(value, str) or not value.isprintable():
            msg = f"[wawi] {option}: must be a text"
            raise ConfigError(msg)
    return checked(WawiConfig(**section))


def checked(config: WawiConfig) -> WawiConfig:
    """The same, if every value can be used.

    Raises:
        ConfigError: naming the first that cannot.
    """
    if config.language not in LANGUAGES:
        msg = f"[wawi] language: must be one of {', '.join(LANGUAGES)}"
        raise ConfigError(msg)
    address_of(config.listen)
    parts = urlsplit(config.url)
    if config.url and (parts.scheme not in {"http", "https"} or not parts.hostname):
        msg = "[wawi] url: must be how tills and browsers get here, https://wawi.example.org"
        raise ConfigError(msg)
    database_of(config.database, Path())
    return config


def address_of(listen: str) -> tuple[str, int]:
    """Host and port of ``127.0.0.1:8020`` or ``[::1]:8020``.

    Raises:
        ConfigError: if it is none.
    """
    try:
        parts = urlsplit(f"//{listen}")
        host, port = None if parts.path else parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or port is None:
        msg = f"{listen[:60]!r} is no address to listen at: write 127.0.0.1:8020"
        raise ConfigError(msg)
    return host, port


def database_of(url: str, data: Path) -> dict[str, Any]:
    """What Django is told of the database: a file in the data folder, or PostgreSQL by URL.

    Raises:
        ConfigError: for another kind of URL.
    """
    if not url:
        return _sqlite(data / DATABASE_FILE)
    parts, port = _parts(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        msg = "[wawi] database: must be postgresql://USER:PASSWORD@HOST/NAME, or empty for a file"
        raise ConfigError(msg)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A socket's folder is written with its slashes escaped: %2Frun%2Fpostgresql.
        "HOST": unquote(parts.hostname or "") if "%" not in parts.netloc else _host(parts.netloc),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, "options": "-c lock_timeout=10s"},
    }


def _parts(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return SplitResult("", "", "", "", ""), None
    return parts, port


def _host(netloc: str) -> str:
    """The host as it was typed: the folder of a socket has capitals that a host name has not."""
    return unquote(netloc.rpartition("@")[2].partition(":")[0])


def _sqlite(path: Path) -> dict[str, Any]:
    """Writers queue for ten seconds; a commit is on the disk; what is erased is overwritten."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
            "PRAGMA secure_delete=ON;",
        },
    }


def secret_key(data: Path) -> str:
    """What sessions are signed with."""
    return _drawn(data / KEY_FILE)


def metrics_token(data: Path) -> str:
    """What a monitoring system shows to read the figures: it can do nothing else."""
    return _drawn(data / METRICS_FILE)


def _drawn(path: Path) -> str:
    """A secret in a file: drawn when it is asked for first, readable by the owner alone."""
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        fresh = secrets.token_urlsafe(_KEY_BYTES)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{fresh}\n")
        return fresh
