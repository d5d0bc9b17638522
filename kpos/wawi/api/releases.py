"""Update files, from a byte on: a till whose line broke goes on where it was."""

from __future__ import annotations

import re

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from kpos.wawi.api.problems import Problem
from kpos.wawi.updates import Kept

MEDIA_TYPE = "application/octet-stream"
# Other ranges may be asked for and are not served: then all of it is sent, as RFC 9110 14.2 has it.
_FROM = re.compile(r"bytes=([0-9]{1,15})-")


def send(request: HttpRequest, kept: Kept) -> HttpResponseBase:
    """The file, or the rest of it for whoever has its beginning."""
    etag = f'"{kept.etag}"'
    start = _start(request, etag)
    if start >= kept.size:
        return _nothing_left(kept, etag)
    try:
        content = kept.file.open("rb")
    except FileNotFoundError as error:
        raise Problem(404, "that update was taken away just now") from error
    content.seek(start)
    response = FileResponse(content, content_type=MEDIA_TYPE, status=206 if start else 200)
    response["Content-Length"] = str(kept.size - start)
    if start:
        response["Content-Range"] = f"bytes {start}-{kept.size - 1}/{kept.size}"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    return response


def _start(request: HttpRequest, etag: str) -> int:
    """The byte to begin with; the first one unless it is the same file that was begun."""
    found = _FROM.fullmatch(request.headers.get("Range", ""))
    if found is None or request.headers.get("If-Range", etag) != etag:
        return 0
    return int(found[1])


def _nothing_left(kept: Kept, etag: str) -> HttpResponse:
    headers = {"Content-Range": f"bytes */{kept.size}", "ETag": etag}
    detail = f"the update has {kept.size} bytes"
    return Problem(416, detail, code="range", headers=headers).response()
