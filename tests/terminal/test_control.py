"""The control socket, spoken to without the command line: answers, refusals, and rudeness."""

import grp
import json
import os
import socket
import threading

import pytest

from kpos.domain.refusal import Refused
from kpos.ledger.files import Folder
from kpos.terminal import control
from kpos.terminal.control import REQUEST_MAX, ask, connect
from tests.terminal.office import Office


@pytest.fixture
def office(data):
    office = Office(data)
    yield office
    office.close()


def test_a_request_is_performed_and_the_till_told_that_something_changed(office):
    answer = office.answers("top_up", card="CARD-ADA", cents=500)
    assert answer["done"]["credit_cents"] == 2500
    assert office.changes == 1
    [document] = list(office.books.journal.documents_after(office.books.journal.head.position - 1))
    assert document.author == f"uid:{os.getuid()}"


def test_the_status_changes_nothing(office):
    assert office.answers("status") == {"done": {"running": True}}
    assert office.changes == 0


def test_a_refusal_keeps_its_code(office):
    answer = office.answers("payout", card="CARD-ADA", cents=999_999)
    assert answer["refused"]["code"] == "credit"
    assert office.answers("nonsense")["refused"]["code"] == "invalid"
    assert office.changes == 0


@pytest.mark.parametrize(
    "line",
    [
        b"\n", b"rubbish\n", b"[]\n", b"3\n", b"null\n", b'{"do": "status"}\n', b"\xff\xfe\n",
        b'{"arguments": {}}\n', b'{"do": "top_up", "arguments": 3}\n', b"[" * 100_000 + b"\n",
        b'{"do": ["x"], "arguments": {}}\n', b'{"do": "backup", "arguments": {}}\n',
        b'{"do": "top_up", "arguments": {"member": "Ada", "cents": 1e999}}\n',
        b'{"do": "top_up", "arguments": {"member": 7, "cents": 5}}\n',
        b'{"do": "top_up", "arguments": {"member": "Ada", "cents": "5"}}\n',
        b'{"do": "group_add", "arguments": {"name": 5}}\n',
        b'{"do": "group_add", "arguments": {"name": "\\ud800"}}\n',
        b'{"do": "group_add", "arguments": {"__class__": "x"}}\n',
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused_and_the_till_lives(office, line):
    head = office.books.journal.head
    assert json.loads(office.hears(line))["refused"]["code"] == "invalid"
    assert office.books.journal.head == head
    assert office.answers("status")


def test_only_one_request_is_answered_on_a_connection(office):
    request = b'{"do": "status", "arguments": {}}\n'
    assert office.hears(request * 3).count(b"\n") == 1


def test_an_endless_line_is_cut_off(office):
    def talk() -> str:
        with connect(office.folder.control_socket) as peer:
            try:
                peer.sendall(b"x" * (REQUEST_MAX + 200_000))
                return repr(peer.recv(1))
            except OSError as error:
                return type(error).__name__

    assert office.while_(talk) in {"b''", "BrokenPipeError", "ConnectionResetError"}
    assert office.answers("status")


def test_a_request_that_is_too_long_is_not_even_sent(office):
    refused = office.answers("member_import", rows=["x" * REQUEST_MAX], dry_run=False)
    assert isinstance(refused, Refused)
    assert "split it" in str(refused)


def test_who_hangs_up_is_forgotten(office):
    def talk() -> None:
        with connect(office.folder.control_socket) as peer:
            peer.sendall(b'{"do": "sta')

    office.while_(talk)
    assert office.answers("status")
    assert not office.server._connections


def test_more_askers_than_a_till_listens_to_are_sent_away(office):
    def talk() -> int:
        peers = [connect(office.folder.control_socket) for _ in range(20)]
        away = 0
        for peer in peers[16:]:
            away += peer.recv(1) == b""
        for peer in peers:
            peer.close()
        return away

    assert office.while_(talk) == 4
    assert office.answers("status")


def test_an_answer_longer_than_the_sockets_buffer_arrives_whole(office):
    rows = [
        {"line": n, "name": "", "number": None, "group": None, "cards": None} for n in range(20_000)
    ]
    answer = office.answers("member_import", rows=rows, dry_run=False)
    assert answer["refused"]["message"].count("\n") == len(rows)
    assert office.answers("status")


def test_who_does_not_listen_to_a_long_answer_holds_up_nobody(office, monkeypatch):
    monkeypatch.setattr(control, "_SEND_S", 0.05)
    rows = [{"line": n, "name": "", "number": None, "group": None} for n in range(20_000)]
    arguments = {"rows": rows, "dry_run": False}
    request = json.dumps({"do": "member_import", "arguments": arguments}).encode() + b"\n"
    deaf = []

    def talk():
        peer = connect(office.folder.control_socket)
        peer.sendall(request)
        deaf.append(peer)
        return ask(office.folder.control_socket, "status", {})

    assert office.while_(talk) == {"done": {"running": True}}
    deaf[0].close()


def test_the_socket_is_for_the_till_and_its_group_alone(office):
    mode = office.folder.control_socket.stat().st_mode
    assert mode & 0o777 == 0o660


def test_without_a_till_nobody_listens(data):
    with pytest.raises(FileNotFoundError):
        ask(Folder(data).control_socket, "status", {})


def test_a_till_that_goes_away_is_said_so(data):
    listener = control.bind(Folder(data).control_socket)
    listener.settimeout(None)

    def hang_up() -> None:
        peer, _ = listener.accept()
        peer.recv(1000)
        peer.close()

    rude = threading.Thread(target=hang_up)
    rude.start()
    with pytest.raises(ConnectionResetError, match="kpos status"):
        ask(Folder(data).control_socket, "status", {})
    rude.join()
    listener.close()


class Peer:
    """Somebody at the other end, as the kernel tells of them."""

    def __init__(self, uid: int, gid: int) -> None:
        self._credentials = control._UCRED.pack(1, uid, gid)

    def getsockopt(self, _level: int, _option: int, _size: int) -> bytes:
        return self._credentials


def test_root_and_the_till_itself_may_ask_and_strangers_may_not(monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 977)
    asked = {uid: control._peer(Peer(uid, 65534))[1] for uid in (0, 977, 65534, 4_000_000)}  # type: ignore[arg-type]
    assert asked == {0: True, 977: True, 65534: False, 4_000_000: False}


@pytest.mark.parametrize(("gid", "members"), [(4711, []), (65534, ["nobody"])])
def test_the_group_of_admins_may_ask(monkeypatch, gid, members):
    admins = grp.struct_group(("kpos-admin", "x", 4711, members))
    monkeypatch.setattr(grp, "getgrnam", lambda _name: admins)
    assert control._peer(Peer(65534, gid)) == (65534, True)  # type: ignore[arg-type]
    assert control._peer(Peer(4_000_000, 65534)) == (4_000_000, False)  # type: ignore[arg-type]


def test_a_stranger_is_refused_with_the_remedy(office, monkeypatch):
    monkeypatch.setattr(control, "_peer", lambda _peer: (1234, False))
    said = office.answers("top_up", card="CARD-ADA", cents=500)["refused"]["message"]
    assert "user 1234 may not" in said
    assert "kpos-admin" in said
    assert office.changes == 0


def test_a_second_socket_takes_the_place_of_one_that_was_left_behind(data):
    path = Folder(data).control_socket
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()
    control.bind(path).close()
