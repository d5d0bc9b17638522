"""Whatever a client does wrong is answered in the same form, and does no harm."""

import gzip
import json
import socket
from urllib.parse import urlsplit

import pytest

from kpos.wawi.api.bodies import BODY_MAX

JSON = {"Content-Type": "application/json"}
GZIP = JSON | {"Content-Encoding": "gzip"}
APPLICATION = {
    "code": "NOT-A-CODE",
    "till": "1" * 16,
    "place": "2" * 16,
    "prefix": "K1",
    "cash_prefix": "K1",
    "head": None,
    "version": "0.1.0",
}


@pytest.fixture
def server(sqlite_server):
    return sqlite_server


def check_problem(answer, status, code):
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"] == f"urn:kpos:problem:{code}"
    assert problem["instance"].startswith("urn:kpos:request:")
    return problem


def sent(server, body, headers=None):
    """To the one endpoint that takes a body from anybody."""
    return server.ask("POST", "pair", data=body, headers=JSON if headers is None else headers)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "nothing", 404, "not-found"),
        ("GET", "", 404, "not-found"),
        ("POST", "meta", 405, "method-not-allowed"),
        ("PATCH", "till", 405, "method-not-allowed"),
        ("TRACE", "journal", 405, "method-not-allowed"),
        ("GET", "journal", 401, "unauthorized"),
        ("DELETE", "till", 401, "unauthorized"),
    ],
)
def test_what_is_not_there_or_not_allowed_is_a_problem(server, method, path, status, code):
    check_problem(server.ask(method, path), status, code)


def test_who_may_not_is_told_how(server):
    assert server.ask("GET", "changes").headers["WWW-Authenticate"] == "Bearer"
    assert server.ask("GET", "changes", "a token that nobody has").status_code == 401
    answer = server.ask("GET", "changes", headers={"Authorization": "Basic YTpi"})
    check_problem(answer, 401, "unauthorized")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/code"),
        (APPLICATION | {"till": "K1"}, "/till"),
        (APPLICATION | {"head": [1, 2]}, "/head"),
        (APPLICATION | {"head": [1, 0, "0" * 64]}, "/head/seq"),
        (APPLICATION | {"prefix": "K\0"}, "/prefix"),
        (APPLICATION | {"prefix": "\ud800"}, "/prefix"),
        ([], ""),
        (7, ""),
    ],
)
def test_a_message_that_is_none_is_pointed_at(server, body, pointer):
    problem = check_problem(sent(server, json.dumps(body)), 422, "malformed")
    assert [fault["pointer"] for fault in problem["errors"]] == [pointer]


@pytest.mark.parametrize(
    "body", ["", "{", "nul", "NaN", "[" * 100_000, "\xff", "1" * 5000, '{"a":1}x']
)
def test_what_is_no_json_is_refused(server, body):
    check_problem(sent(server, body.encode("latin-1")), 400, "bad-request")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        JSON | {"Content-Encoding": "br"},
        JSON | {"Content-Encoding": "gzip, gzip"},
    ],
)
def test_other_kinds_of_body_are_refused(server, headers):
    check_problem(sent(server, b"{}", headers), 415, "unsupported-media-type")


def test_a_gzipped_body_is_read(server):
    packed = gzip.compress(json.dumps(APPLICATION).encode())
    check_problem(sent(server, packed, GZIP), 403, "code")


@pytest.mark.parametrize(
    "spoil", [lambda it: it[:-9], lambda it: b"x" + it, lambda it: it + b"x", lambda it: it + it]
)
def test_a_gzipped_body_is_one_and_whole(server, spoil):
    packed = gzip.compress(json.dumps(APPLICATION).encode())
    check_problem(sent(server, spoil(packed), GZIP), 400, "bad-request")


def test_a_body_has_a_limit_inflated_or_not(server):
    bomb = gzip.compress(b" " * (64 * BODY_MAX))
    assert len(bomb) < BODY_MAX // 10
    check_problem(sent(server, bomb, GZIP), 413, "too-large")
    check_problem(sent(server, b" " * (BODY_MAX + 1)), 413, "too-large")


def test_a_request_that_is_cut_short_is_no_request(server):
    host, port = urlsplit(server.url).hostname, urlsplit(server.url).port
    with socket.create_connection((host, port), timeout=60) as connection:
        head = "POST /api/v1/pair HTTP/1.1\r\nHost: localhost\r\nContent-Length: 400\r\n"
        connection.sendall(f"{head}Content-Type: application/json\r\n\r\n{{".encode())
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""
    assert server.ask("GET", "healthz").json() == {"status": "ok"}


def test_a_name_that_is_not_the_servers_is_refused(server):
    check_problem(server.ask("GET", "meta", headers={"Host": "evil.example"}), 400, "bad-request")


def test_monitoring_has_a_token_of_its_own(server):
    token = (server.data / "metrics-token").read_text().strip()
    answer = server.ask("GET", "metrics", token)
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "\nkpos_alarms_open " in answer.text
    check_problem(server.ask("GET", "journal", token), 401, "unauthorized")
    check_problem(server.ask("GET", "metrics", token + "x"), 401, "unauthorized")
