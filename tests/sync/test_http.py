"""A WaWi over HTTP on its bad days: nothing that comes back is taken for an answer that is none."""

import gzip
import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from kpos.domain.ids import Id
from kpos.ledger.pairing import Pairing
from kpos.sync import http as over_http
from kpos.sync.backend import Refused, Revoked, Unlinked, Unreachable
from kpos.sync.http import HttpBackend
from kpos.sync.lines import HttpLine
from kpos.sync.wire import Entry, Point, Push
from tests.sync.served import Server, certify, reply
from tests.sync.tills import Till
from tests.sync.wawi import Wawi

Day = Callable[[BaseHTTPRequestHandler], None]
PROBLEM = "application/problem+json"


@pytest.fixture
def server(wawi: Wawi) -> Iterator[Server]:
    with Server(wawi).running() as server:
        yield server


@pytest.fixture
def backend(server: Server) -> Iterator[HttpBackend]:
    backend = HttpBackend(server.url, "token-1")
    yield backend
    backend.close()


def answer(status: int, body: bytes, kind: str = "application/json", **headers: str) -> Day:
    return lambda asked: reply(asked, status, body, kind, **headers)


def problem(status: int, **members: object) -> Day:
    return answer(status, json.dumps(members).encode(), PROBLEM)


def cut(asked: BaseHTTPRequestHandler) -> None:
    """Less than was promised, then nothing."""
    asked.send_response(200)
    asked.send_header("Content-Type", "application/json")
    asked.send_header("Content-Length", "1000")
    asked.end_headers()
    asked.wfile.write(b'{"changes": [')
    asked.close_connection = True


def hung_up(asked: BaseHTTPRequestHandler) -> None:
    asked.close_connection = True


UNREACHABLE: dict[str, tuple[Day, str]] = {
    "a proxy's page": (answer(200, b"<html>Please log in</html>", "text/html"), "form of its own"),
    "a proxy's error": (answer(502, b"<html>Bad</html>", "text/html"), "no WaWi"),
    "a way to a login": (answer(302, b"", Location="https://hotel.example/login"), "hotel.example"),
    "an error of somebody else": (answer(404, b"{}"), "no WaWi"),
    "a problem that is none": (answer(500, b"<html>", PROBLEM), "no WaWi"),
    "a problem that is a list": (answer(500, b"[]", PROBLEM), "no WaWi"),
    "a mistake of its own": (problem(500, code="internal", detail="a mistake of ours"), "ours"),
    "half an answer": (cut, "no answer"),
    "no answer": (hung_up, "no answer"),
    "another message": (answer(200, b'{"acked": 7}'), "form of its own"),
    "no object": (answer(200, b"null"), "form of its own"),
    "no text": (answer(200, b"\xff\xfe{"), "form of its own"),
    "too deep": (answer(200, b"[" * 100_000), "form of its own"),
    "no gzip": (answer(200, b"plain", Content_Encoding="gzip"), "no answer"),
    "a place that is none": (problem(409, code="unlinked", held=[1]), "/held"),
}


@pytest.mark.parametrize("name", UNREACHABLE)
def test_what_is_no_answer_is_asked_again(backend: HttpBackend, server: Server, name: str) -> None:
    day, said = UNREACHABLE[name]
    server.days.append(day)
    with pytest.raises(Unreachable, match=said):
        backend.pull(None)


@pytest.mark.parametrize(
    ("said", "waits"), [("7", 7), ("999999", 3600), ("Fri, 31 Dec 1999 23:59:59 GMT", None)]
)
@pytest.mark.parametrize("status", [429, 503])
def test_who_is_busy_says_when_to_come_again(
    backend: HttpBackend, server: Server, status: int, said: str, waits: int | None
) -> None:
    body = json.dumps({"code": "busy", "detail": "busy"}).encode()
    server.days.append(answer(status, body, PROBLEM, Retry_After=said))
    with pytest.raises(Unreachable, match="busy") as told:
        backend.pull(None)
    assert told.value.retry_after_s == waits


def test_a_refusal_says_why(backend: HttpBackend, server: Server) -> None:
    server.days.append(problem(403, code="closed", detail="this branch is closed"))
    with pytest.raises(Refused, match="this branch is closed") as told:
        backend.pull(None)
    assert told.value.code == "closed"
    server.days.append(problem(401, detail="unknown token"))
    with pytest.raises(Revoked, match="unknown token"):
        backend.pull(None)
    server.days.append(problem(409, code="unlinked", held=None))
    with pytest.raises(Unlinked) as parted:
        backend.pull(None)
    assert parted.value.held is None


@pytest.mark.parametrize("status", [404, 405])
def test_a_wawi_of_another_time_speaks_another_version(
    backend: HttpBackend, server: Server, status: int
) -> None:
    server.days.append(problem(status, code="not-found", detail="there is nothing here"))
    with pytest.raises(Refused, match="does not speak /api/v1 as this till does: update"):
        backend.pull(None)


def test_an_answer_without_an_end_is_given_up(
    backend: HttpBackend, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(over_http, "_ANSWER_MAX", 1000)
    server.days.append(answer(200, gzip.compress(b" " * 100_000), Content_Encoding="gzip"))
    with pytest.raises(Unreachable, match="come to an end"):
        backend.pull(None)
    late = HttpBackend(server.url, "token-1", budget_ms=60_000)
    times = iter([0, 60_001, 60_002])
    monkeypatch.setattr(over_http, "real_ms", lambda: next(times))
    server.days.append(answer(200, b"{}"))
    with pytest.raises(Unreachable, match="come to an end"):
        late.pull(None)
    late.close()


def test_nobody_there_is_said_in_one_line() -> None:
    backend = HttpBackend("http://127.0.0.1:1", "token")
    with pytest.raises(Unreachable, match=r"^no answer from http://127.0.0.1:1/api/v1: .*refused"):
        backend.pull(None)
    backend.close()


def test_long_messages_are_packed_and_the_token_is_sent(
    backend: HttpBackend, server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ada password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    entry = Entry(Point(1, 1, "a" * 64), "0" * 64, "x" * 5000)
    for entries, encoding in (((entry,), "gzip"), ((), None)):
        with pytest.raises(Revoked):
            backend.push(Push(None, entries, None))
        headers = {name.lower(): value for name, value in server.asked[-1][1].items()}
        assert headers.get("content-encoding") == encoding
        assert headers["authorization"] == "Bearer token-1"


def test_a_till_keeps_step_over_http(cellar: Till, server: Server) -> None:
    pairing = cellar.books.journal.pairing
    assert pairing is not None
    line = HttpLine()
    over = Pairing(server.url, pairing.token, "Keller")
    cellar.line.backend = line(over)
    assert line(over) is cellar.line.backend
    cellar.buy("Ada", "Mate")
    assert cellar.sync() == ["push", "pull"]
    cellar.buy_held("Ada", "Snack")
    cellar.sync()
    assert server.wawi.credit(cellar.wallet("Ada")) == 2000 - 265
    assert line(Pairing(server.url, "another", "Keller")) is not cellar.line.backend
    line.close()
    line.close()


def test_a_till_without_requests_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "kpos.sync.http", None)
    with pytest.raises(Unreachable, match="apt install python3-requests"):
        HttpLine(300)(Pairing("https://wawi", "t", "b"))


def test_a_budget_is_the_time_of_a_whole_question(server: Server) -> None:
    line = HttpLine(300)
    with pytest.raises(Revoked):
        line(Pairing(server.url, "t", "b")).hold(Id("0" * 16), 1, None)
    line.close()


# TLS


@pytest.fixture
def certified(server: Server, tmp_path: Path) -> tuple[str, str]:
    """The server behind a certificate that nobody vouches for: its address and fingerprint."""
    return server.url.replace("http:", "https:"), certify(server, tmp_path)


def test_a_certificate_is_checked_or_known(certified: tuple[str, str]) -> None:
    url, fingerprint = certified
    for pinned, error in ((None, Unreachable), ("0" * 64, Unreachable), (fingerprint, Revoked)):
        backend = HttpBackend(url, "token", pinned)
        with pytest.raises(error):
            backend.pull(None)
        backend.close()
