"""What an update says of itself: the signed page of it."""

from __future__ import annotations

import json
import os
import re
from typing import Any

from kpos.domain.instant import Instant
from kpos.domain.refusal import Refused, refuse
from kpos.domain.values import dataclass, fields

FORMAT = 1
# What `uname -m` says, and what Debian calls it.
ARCHES = {"x86_64": "amd64", "i686": "i386", "i586": "i386", "aarch64": "arm64", "armv7l": "armhf"}
# A slot of a terabyte is a mistake.
_SIZE_MAX = 1 << 40
_JOURNAL_MAX = 1 << 20
_VERSION = re.compile(r"(\d{1,6}(?:\.\d{1,6}){0,5})(?:(a|b|rc)(\d{1,6}))?(?:\.dev(\d{1,6}))?")
_BEFORE = {"a": 0, "b": 1, "rc": 2}
_FINAL, _DEVELOPMENT = 3, -1
_NEVER = 1 << 30


@dataclass(frozen=True, slots=True)
class Manifest:
    """`size` and `sha256` are those of slot.sqfs; `journal_version` is what its kpos writes."""

    version: str
    arch: str
    size: int
    sha256: str
    journal_version: int
    built_at: Instant


def version_key(version: str) -> tuple[object, ...]:
    """What sorts versions (PEP 440, as far as kpos goes): 1.0.dev1 < 1.0a1 < 1.0rc1 < 1.0.

    Raises:
        Refused: if it is none.
    """
    found = _VERSION.fullmatch(version)
    if found is None:
        raise refuse("invalid", f"{version[:40]!r} is no version")
    numbers, phase, of_phase, development = found.groups()
    release = [int(number) for number in numbers.split(".")]
    while release[-1:] == [0]:
        release.pop()
    if phase is not None:
        stage = (_BEFORE[phase], int(of_phase))
    else:
        stage = (_FINAL if development is None else _DEVELOPMENT, 0)
    return (release, stage, _NEVER if development is None else int(development))


def age(manifest: Manifest) -> tuple[object, ...]:
    """What sorts updates: by version, and of one version by when it was built."""
    return (version_key(manifest.version), manifest.built_at)


def parse(content: bytes) -> Manifest:
    """A manifest as it stands in an update file, or in what an installation noted of it.

    Raises:
        Refused: if it is none.
    """
    try:
        said = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _not_one("no JSON") from error
    if not isinstance(said, dict):
        raise _not_one("no object")
    if said.get("format") != FORMAT:
        reason = f"the update is of format {str(said.get('format'))[:20]}, this kpos knows {FORMAT}"
        raise refuse("invalid", f"{reason}: install one in between first")
    try:
        return _checked(said)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        reason = f"{type(error).__name__} {error}"
        raise _not_one(reason) from error


def _checked(said: dict[str, Any]) -> Manifest:
    made = Manifest(
        version=_text(said["version"]),
        arch=_text(said["arch"]),
        size=_number(said["size"], _SIZE_MAX),
        sha256=_text(said["sha256"]),
        journal_version=_number(said["journal_version"], _JOURNAL_MAX),
        built_at=Instant.parse(_text(said["built_at"])),
    )
    version_key(made.version)
    if made.arch not in ARCHES.values():
        reason = f"an architecture {made.arch[:20]!r}"
        raise _not_one(reason)
    if not re.fullmatch(r"[0-9a-f]{64}", made.sha256):
        raise _not_one("a SHA-256 that is none")
    return made


def _text(value: object) -> str:
    if not isinstance(value, str):
        msg = "must be a text"
        raise TypeError(msg)
    return value


def _number(value: object, most: int) -> int:
    if type(value) is not int or not 0 < value <= most:
        msg = f"must be a number from 1 to {most}"
        raise ValueError(msg)
    return value


def written(manifest: Manifest) -> bytes:
    """As it stands in an update file: the same each time."""
    values = {field.name: getattr(manifest, field.name) for field in fields(manifest)}
    said = {"format": FORMAT} | values | {"built_at": str(manifest.built_at)}
    return json.dumps(said, indent=1, sort_keys=True).encode() + b"\n"


def arch_of_machine() -> str:
    """That of this kernel, as Debian says it; an unknown one as `uname -m` says it."""
    machine = os.uname().machine
    return ARCHES.get(machine, machine)


def _not_one(what: str) -> Refused:
    return refuse("invalid", f"the update has no manifest that can be read: {what[:80]}")
