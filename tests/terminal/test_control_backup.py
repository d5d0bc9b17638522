"""A backup through the control socket: answered when it is done, while the till sells on."""

import json
import threading

import pytest

from kpos.terminal.control import ask, connect
from tests.terminal.office import Office


@pytest.fixture
def office(data):
    office = Office(data)
    yield office
    office.close()


def test_a_backup_is_answered_when_it_is_done_and_the_loop_turns_meanwhile(office, tmp_path):
    target = tmp_path / "k1.db"
    answers: dict[str, object] = {}

    def talk() -> None:
        with connect(office.folder.control_socket) as peer:
            wanted = {"do": "backup", "arguments": {"target": str(target)}}
            peer.sendall(json.dumps(wanted).encode() + b"\n")
            answers["meanwhile"] = ask(office.folder.control_socket, "status", {})
            answers["backup"] = json.loads(peer.makefile("rb").readline())

    office.while_(talk)
    assert answers["meanwhile"] == {"done": {"running": True}}
    assert answers["backup"] == {"done": {"documents": office.books.journal.head.ref.seq}}
    assert target.exists()


def test_the_till_does_not_wait_for_a_backup(office, tmp_path, monkeypatch):
    answered = threading.Event()

    def slow(_folder, _target):
        return {"done": {"answered_meanwhile": answered.wait(timeout=10)}}

    monkeypatch.setattr("kpos.terminal.apart.back_up_apart", slow)

    def talk():
        with connect(office.folder.control_socket) as peer:
            wanted = {"do": "backup", "arguments": {"target": str(tmp_path / "k1.db")}}
            peer.sendall(json.dumps(wanted).encode() + b"\n")
            ask(office.folder.control_socket, "status", {})
            answered.set()
            return json.loads(peer.makefile("rb").readline())

    assert office.while_(talk) == {"done": {"answered_meanwhile": True}}


def test_a_backup_that_fails_says_why(office, tmp_path):
    answer = office.answers("backup", target=str(tmp_path / "no" / "k1.db"))
    assert "No such file or directory" in answer["failed"]
    own = office.answers("backup", target=str(office.folder.journal))
    assert "till's own folder" in own["refused"]["message"]


def test_who_asked_for_a_backup_may_go_away(office, tmp_path):
    target = tmp_path / "k1.db"

    def talk() -> None:
        with connect(office.folder.control_socket) as peer:
            wanted = {"do": "backup", "arguments": {"target": str(target)}}
            peer.sendall(json.dumps(wanted).encode() + b"\n")
            ask(office.folder.control_socket, "status", {})
        # The next backup waits for the first in the same worker.
        ask(office.folder.control_socket, "backup", {"target": str(tmp_path / "k2.db")})

    office.while_(talk)
    assert target.exists()
    assert not office.server._connections
