"""The document of the API: what is committed is what is served, and what is true."""

import json

from tests.wawi.openapi import COMMITTED, said_by

DOCUMENT = json.loads(COMMITTED.read_text(encoding="utf-8"))


def operations():
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_what_is_committed_is_what_is_served(sqlite_server):
    assert said_by(sqlite_server) == DOCUMENT, "python -m tests.wawi.openapi; look at the diff"


def test_every_operation_may_answer_with_a_problem():
    for _path, _method, operation in operations():
        assert list(operation["responses"]["default"]["content"]) == ["application/problem+json"]


def test_no_route_answers_without_a_token_but_the_public_ones(sqlite_server):
    public = []
    for path, method, operation in operations():
        found = path.removeprefix("/api/v1/").replace("{wallet}", "0" * 16)
        for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Bearer"}):
            answer = sqlite_server.ask(method.upper(), found, headers=headers)
            if "security" in operation:
                assert answer.status_code == 401, (method, path)
                assert answer.json()["code"] == "unauthorized"
            else:
                assert answer.status_code != 401
        public += [] if "security" in operation else [f"{method} {path}"]
    assert public == ["get /api/v1/meta", "get /api/v1/healthz", "post /api/v1/pair"]
