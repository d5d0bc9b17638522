"""Bodies: JSON, gzipped where that saves something, never more than a limit.

Django does not inflate, and a body of some kilobytes may become gigabytes: it is inflated up to
`BODY_MAX` bytes and no further.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from typing import TypeVar

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError

from kpos.domain.document import Json
from kpos.sync.codec import Codec, Malformed
from kpos.wawi.api.problems import Problem

# 500 documents with private parts have about a tenth of it.
BODY_MAX = 8 * 1024 * 1024
# Below it a gzipped answer fills one packet all the same.
_GZIP_FROM = 1400
_GZIP_LEVEL = 6
_GZIP_WINDOW = 31
_DEPTH_FAULT = "the body is no JSON: it is nested too deep"

T = TypeVar("T")


def read_body(request: HttpRequest, codec: Codec[T]) -> T:
    """The message that was sent.

    Raises:
        Problem: 400 if it is no JSON, 413, 415, or 422 with a pointer to what is wrong in it.
    """
    try:
        return codec.read(_json(_octets(request)))
    except Malformed as error:
        fault = {"pointer": error.pointer, "detail": error.detail}
        raise Problem(422, str(error), more={"errors": [fault]}) from error


def _octets(request: HttpRequest) -> bytes:
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(415, "send application/json")
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"gzip", "identity"}:
        raise Problem(415, "send it as it is, or with Content-Encoding: gzip")
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise _too_large() from error
    except UnreadablePostError as error:
        raise Problem(400, "the body ended early") from error
    return _inflated(body) if encoding == "gzip" else body


def _inflated(packed: bytes) -> bytes:
    inflate = zlib.decompressobj(_GZIP_WINDOW)
    try:
        body = inflate.decompress(packed, BODY_MAX + 1)
    except zlib.error as error:
        raise Problem(400, "the body is not gzipped") from error
    if len(body) > BODY_MAX:
        raise _too_large()
    if not inflate.eof or inflate.unused_data:
        raise Problem(400, "the gzipped body ends early, or goes on behind its end")
    return body


def _too_large() -> Problem:
    return Problem(413, f"a body has at most {BODY_MAX} bytes, inflated")


def _json(body: bytes) -> Json:
    try:
        text = body.decode("utf-8")
        return json.loads(text, parse_constant=_no_number, parse_float=_number)
    except RecursionError as error:
        raise Problem(400, _DEPTH_FAULT) from error
    except ValueError as error:
        raise Problem(400, f"the body is no JSON: {str(error)[:200]}") from error


def _number(text: str) -> Json:
    """JSON knows one kind of number: 5.0 is a whole one, as JSON Schema has it."""
    value = float(text)
    return int(value) if value.is_integer() else value


def _no_number(text: str) -> Json:
    msg = f"{text} is no JSON"
    raise ValueError(msg)


def answer(
    request: HttpRequest, value: Json, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """A value as JSON, gzipped if that saves something and the client takes it."""
    content = to_json(value)
    is_packed = len(content) >= _GZIP_FROM and takes_gzip(request)
    response = HttpResponse(
        packed(content) if is_packed else content,
        content_type="application/json",
        headers={"Cache-Control": "no-store", "Vary": "Accept-Encoding", **(headers or {})},
    )
    if is_packed:
        response["Content-Encoding"] = "gzip"
    return response


def answer_packed(request: HttpRequest, content: bytes, etag: str) -> HttpResponse:
    """JSON that is gzipped already; 304 for who has it.

    The tag is that of one form: bytes of another would be mended with it by a range.
    """
    is_packed = takes_gzip(request)
    tag = f'"{etag}{"-gzip" if is_packed else ""}"'
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding", "ETag": tag}
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers=headers)
    response = HttpResponse(
        content if is_packed else gzip.decompress(content),
        content_type="application/json",
        headers=headers,
    )
    if is_packed:
        response["Content-Encoding"] = "gzip"
    return response


def to_json(value: Json) -> bytes:
    """As it is sent."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def packed(content: bytes) -> bytes:
    """Gzipped, the same each time."""
    return gzip.compress(content, _GZIP_LEVEL, mtime=0)


def takes_gzip(request: HttpRequest) -> bool:
    """Whether the client said so."""
    return "gzip" in request.headers.get("Accept-Encoding", "").lower()
