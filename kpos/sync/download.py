"""A large file over a line that breaks: what came is kept, and the rest is asked for.

The part that is there lies in one file, and beside it what the server called the whole (its ETag),
so that the rest of another file is never put behind it. A server that names nothing is asked for
all of it each time. What came is nobody's word for anything: whoever uses it looks at a signature.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from time import sleep
from typing import TypeAlias

import requests

from kpos.domain.refusal import Refused, refuse

Open: TypeAlias = Callable[[Mapping[str, str]], requests.Response]
Progress: TypeAlias = Callable[[str, int, int], None]

# What of a piece has come when the line breaks is lost: a line may break after each of them.
_CHUNK = 8 * 1024
# A line that breaks is tried again at once as long as something came, and else so often.
_TRIES, _PAUSE_S = 5, 2.0
# What a till needs to sell on for years stays free.
_RESERVE = 64 * 1024 * 1024
_RANGE = re.compile(r"bytes (?:(\d+)-\d+|\*)/(\d+)")
_MB = 1024 * 1024


def download(
    open_: Open, target: Path, progress: Progress, pause: Callable[[float], None] = sleep
) -> None:
    """Fetch a file to `target`, from where an earlier attempt ended.

    `open_` asks for it with these headers. `progress` is told how much there is of how much.

    Raises:
        Refused: if it cannot be had; what came is kept for the next time.
        OSError: if it cannot be written.
    """
    tries, why = 0, ""
    while tries < _TRIES:
        before = _size(target)
        try:
            with open_(_headers(target)) as response:
                if _take(response, target, progress):
                    return
            why = "it ended early"
        except requests.RequestException as error:
            why = f"{type(error).__name__}, {error}"[:200]
        tries = 0 if _size(target) > before else tries + 1
        if tries:
            pause(_PAUSE_S)
    came = f"{_size(target) // _MB} MB are kept, the same command goes on"
    raise refuse("offline", f"the update could not be fetched ({why}); {came}")


def forget(target: Path) -> None:
    """The file and what was noted of it."""
    for path in (target, _tag(target)):
        path.unlink(missing_ok=True)


def _headers(target: Path) -> dict[str, str]:
    size, tag = _size(target), _tag(target)
    # As it is: packed by a proxy, its bytes would be others.
    headers = {"Accept-Encoding": "identity"}
    name = tag.read_text("ascii", "replace") if tag.exists() else ""
    if size and name:
        headers |= {"Range": f"bytes={size}-", "If-Range": name}
    return headers


def _take(response: requests.Response, target: Path, progress: Progress) -> bool:
    """Write what comes; whether that is all."""
    if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if found is not None and int(found[2]) == _size(target):
            return True
        forget(target)
        return False
    if response.status_code not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
        raise _no_file(response)
    if response.status_code == HTTPStatus.OK:
        _begin(response, target)
    whole = _whole(response, target)
    _make_room(target, whole - _size(target))
    with target.open("ab") as file:
        for piece in response.iter_content(_CHUNK):
            file.write(piece)
            progress("fetched", file.tell(), whole)
        file.flush()
        os.fsync(file.fileno())
    return _size(target) == whole


def _begin(response: requests.Response, target: Path) -> None:
    """From the first byte on."""
    forget(target)
    name = response.headers.get("ETag", "")
    if name.isascii() and name.startswith('"'):
        _tag(target).write_text(name, "ascii")


def _whole(response: requests.Response, target: Path) -> int:
    """How many bytes there will be in the end; the part that comes must fit to what is there."""
    if response.status_code == HTTPStatus.OK:
        length = response.headers.get("Content-Length", "")
        if length.isascii() and length.isdigit():
            return int(length)
        raise refuse("invalid", f"{_where(response)} does not say how large the update is")
    found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if found is None or found[1] is None or int(found[1]) != _size(target):
        forget(target)
        raise refuse("invalid", f"{_where(response)} sent another part than was asked for")
    return int(found[2])


def _make_room(target: Path, missing: int) -> None:
    """Refuse what would leave the till without a place to write its books."""
    room = os.statvfs(target.parent)
    free = room.f_bavail * room.f_frsize
    if free < missing + _RESERVE:
        lacking = (missing + _RESERVE - free) // _MB + 1
        reason = f"{target.parent} lacks {lacking} MB for the update: free some space there"
        raise refuse("invalid", f"{reason}, or bring the file on a stick")


def _no_file(response: requests.Response) -> Refused:
    return refuse("offline", f"{_where(response)} answered {response.status_code}: no update there")


def _where(response: requests.Response) -> str:
    return response.url.partition("?")[0]


def _size(target: Path) -> int:
    return target.stat().st_size if target.exists() else 0


def _tag(target: Path) -> Path:
    return target.with_name(f"{target.name}.etag")
