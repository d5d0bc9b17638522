"""The WaWi in memory over HTTP, as a server speaks `/api/v1`, and the bad days of servers."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, PEM_cert_to_DER_cert, SSLContext
from threading import Lock, Thread
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import pytest

from kpos.clock import SystemClock
from kpos.domain.ids import Id
from kpos.sync.backend import CursorExpired, Refused, Revoked, Unlinked
from kpos.sync.codec import Malformed, nullable
from kpos.sync.wire import (
    ACK,
    APPLICATION,
    HEARTBEAT,
    HOLD,
    PAGE,
    PAIRED,
    POINT,
    POINTS,
    PUSH,
    TAIL,
    Point,
)
from tests.sync.wawi import Seen, Wawi

HEAD = nullable(POINT)


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *asked: Any) -> None:
        """Whoever asked may have given up waiting; anything else is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(*asked)


class Server:
    """`days` are answers to give instead of the WaWi's, one after the other."""

    def __init__(self, wawi: Wawi) -> None:
        self.wawi = wawi
        self.days: deque[Callable[[BaseHTTPRequestHandler], None]] = deque()
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.lock = Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_words: object) -> None:
                """Tests read what was asked instead."""

            def do_GET(self) -> None:
                server.answer(self)

            do_POST = do_DELETE = do_GET  # noqa: N815 - as the server calls them

        self._http = _Http(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def wrap(self, context: SSLContext) -> None:
        """Behind a certificate from now on."""
        self._http.socket = context.wrap_socket(self._http.socket, server_side=True)

    def answer(self, asked: BaseHTTPRequestHandler) -> None:
        body = asked.rfile.read(int(asked.headers.get("Content-Length", 0)))
        if asked.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.asked.append((f"{asked.command} {asked.path}", dict(asked.headers)))
        if self.days:
            self.days.popleft()(asked)
            return
        with self.lock:
            status, answer = self._answered(asked, body)
        kind = "application/json" if status < 400 else "application/problem+json"
        reply(asked, status, b"" if status == 204 else json.dumps(answer).encode(), kind)

    def _answered(self, asked: BaseHTTPRequestHandler, body: bytes) -> tuple[int, Any]:
        token = asked.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            return self._asked(asked, self.wawi.of(token), json.loads(body) if body else None)
        except Revoked as error:
            return 401, {"code": "unauthorized", "detail": str(error)}
        except Unlinked as error:
            return 409, {
                "code": "unlinked", "detail": str(error), "held": HEAD.write(error.held)
            }  # fmt: skip
        except CursorExpired as error:
            return 410, {"code": "cursor-expired", "detail": str(error)}
        except Refused as error:
            return 403, {"code": error.code, "detail": str(error)}
        except (Malformed, KeyError) as error:
            return 422, {"code": "malformed", "detail": str(error)}

    def _asked(  # noqa: PLR0911 - one for each question
        self, asked: BaseHTTPRequestHandler, seen: Seen, body: Any
    ) -> tuple[int, Any]:
        parts = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        path = parts.path.removeprefix("/api/v1")
        match asked.command, path.split("/")[1:]:
            case "POST", ["pair"]:
                return 200, PAIRED.write(self.wawi.pair(APPLICATION.read(body)))
            case "POST", ["journal"]:
                return 200, ACK.write(seen.push(PUSH.read(body)))
            case "GET", ["journal"]:
                return 200, TAIL.write(seen.tail(_point(query.get("after"))))
            case "POST", ["journal", "common"]:
                return 200, HEAD.write(seen.common(POINTS.read(body)))
            case "GET", ["changes"]:
                return 200, PAGE.write(seen.pull(query.get("cursor")))
            case "POST", ["wallets", wallet, "hold"]:
                hold = seen.hold(Id(wallet), body["cents"], HEAD.read(body["head"]))
                return 200, HOLD.write(hold)
            case "POST", ["heartbeat"]:
                seen.heartbeat(HEARTBEAT.read(body))
                return 200, {"at": str(SystemClock().now())}
            case "DELETE", ["till"]:
                seen.unpair()
                return 204, None
            case _:
                return 404, {"code": "not-found", "detail": path}

    @contextmanager
    def running(self) -> Iterator[Server]:
        thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield self
        finally:
            self._http.shutdown()
            self._http.server_close()
            thread.join()


def _point(text: str | None) -> Point | None:
    if text is None:
        return None
    epoch, seq, own_hash = text.split(".")
    return Point(int(epoch), int(seq), own_hash)


def reply(
    asked: BaseHTTPRequestHandler,
    status: int,
    body: bytes,
    kind: str = "application/json",
    **headers: str,
) -> None:
    asked.send_response(status)
    asked.send_header("Content-Type", kind)
    asked.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        asked.send_header(name.replace("_", "-"), value)
    asked.end_headers()
    asked.wfile.write(body)


class Wrapped(Protocol):
    """What can be put behind a certificate."""

    def wrap(self, context: SSLContext) -> None: ...


def certify(server: Wrapped, folder: Path) -> str:
    """Put a server behind a certificate that nobody vouches for; its fingerprint."""
    key, certificate = folder / "key.pem", folder / "cert.pem"
    command = (
        f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {key}"
        f" -out {certificate} -days 2 -subj /CN=wawi"
    )
    try:
        subprocess.run(command.split(), check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is missing: apt install openssl")
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.wrap(context)
    return sha256(PEM_cert_to_DER_cert(certificate.read_text())).hexdigest()
