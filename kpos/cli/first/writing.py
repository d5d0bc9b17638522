"""Wishes as a file again: kept while they are carried out, and left on the card without secrets."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kpos.cli.first.said import Wrong
from kpos.cli.first.text import text_of
from kpos.cli.first.wishes import Wishes
from kpos.ledger.files import sync_folder

_SECRET = re.compile(r"\s*(pin|code)\s*=", re.IGNORECASE)
_REMOVED = "# {} was here, and is removed since it was used / stand hier und ist entfernt"


def toml_of(sections: Mapping[str, Mapping[str, Any]]) -> str:
    """Sections of texts and whole numbers."""
    lines: list[str] = []
    for name, content in sections.items():
        lines += ["", f"[{name}]"]
        lines += [
            f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in content.items()
        ]
    return "\n".join(lines[1:]) + "\n"


def file_of(wishes: Wishes) -> str:
    """As `reading` reads it."""
    return toml_of(dict(_sections(wishes)))


def _sections(wishes: Wishes) -> Iterator[tuple[str, Mapping[str, Any]]]:
    till = dict(wishes.config.get("till", {}))
    if wishes.zone:
        till["time_zone"] = wishes.zone
    if till:
        yield "till", till
    yield from ((name, content) for name, content in wishes.config.items() if name != "till")
    if (person := wishes.person) is not None:
        yield "person", {"name": person.name, "number": person.number, "pin": person.pin}
    if (wawi := wishes.wawi) is not None:
        where = {"url": wawi.url, "code": wawi.code}
        yield "wawi", where | ({"fingerprint": wawi.fingerprint} if wawi.fingerprint else {})
    if wishes.ssh_keys:
        yield "ssh", {"key": list(wishes.ssh_keys)}
    if (network := wishes.network) is not None:
        given = {"address": network.address, "gateway": network.gateway, "dns": network.dns}
        yield "network", {name: value for name, value in given.items() if value}
    if wishes.backup:
        yield "restore", {"file": wishes.backup}


def without_secrets(content: bytes) -> str:
    """A file as somebody wrote it, without authorisation code and PIN; comments stay.

    Where one still stands anywhere, however it came there, only the comments stay.
    """
    try:
        lines = text_of(content).split("\n")
    except Wrong:
        return ""
    kept = [_REMOVED.format(found[1]) if (found := _SECRET.match(line)) else line for line in lines]
    text = "\n".join(kept)
    try:
        values = tomllib.loads("\n".join(lines))
    except (ValueError, RecursionError):
        return _comments(kept, [])
    secrets = [str(each) for name, value in values.items() for each in _secrets(name, value)]
    if any(secret and secret in text for secret in secrets):
        return _comments(kept, secrets)
    return text.rstrip("\n") + "\n"


def _comments(lines: list[str], secrets: list[str]) -> str:
    said = [line for line in lines if line.startswith("#")]
    return "\n".join(line for line in said if not any(each in line for each in secrets)) + "\n"


def _secrets(name: str, value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _secrets(key, inner)
    elif name in ("pin", "code"):
        yield value


def write_durably(path: Path, text: str, mode: int) -> None:
    """The whole file or what was there before, and on the disk when this returns."""
    partial = path.with_name(f"{path.name}.new")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    partial.replace(path)
    sync_folder(path.parent)


def wipe(path: Path) -> None:
    """Remove a file so that its text is not left in what FAT calls free."""
    with path.open("r+b") as file:
        file.write(b"\n" * path.stat().st_size)
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    sync_folder(path.parent)
