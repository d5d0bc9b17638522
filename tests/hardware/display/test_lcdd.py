"""LCDproc's protocol, against a peer that says what the real server was seen to say, and worse."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

import pytest

from hardware.display.bus import Geometry
from hardware.display.lcdd import Lcdd
from hardware.display.screen import Screen
from hardware.errors import DeviceError
from tests.hardware.display.test_every_display import GERMAN, NEXT
from tests.hardware.test_opening import descriptors

HELLO = b"connect LCDproc 0.5.9 protocol 0.3 lcd wid 40 hgt 4 cellwid 5 cellhgt 8\n"


class Peer:
    """Answers each line by a function; keeps what it was told, and in how many pieces."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self.lines: list[bytes] = []
        self.pieces: list[bytes] = []
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                with connection:
                    self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        waiting = b""
        while octets := connection.recv(65536):
            self.pieces.append(octets)
            *lines, waiting = (waiting + octets).split(b"\n")
            self.lines += lines
            answer = b"".join(self._answer(line) for line in lines)
            if b"HANG UP" in answer:
                return
            connection.sendall(answer)


def usual(line: bytes) -> bytes:
    return HELLO if line == b"hello" else b"success\n"


@pytest.fixture
def peer(request):
    made = Peer(getattr(request, "param", usual))
    yield made
    made.close()


@pytest.fixture
def screen(peer):
    bus = Lcdd("127.0.0.1", peer.port, Geometry())
    yield Screen(bus)
    bus.close()


def test_a_picture_is_sent_whole_before_an_answer_is_waited_for(peer, screen):
    screen.show(GERMAN)
    assert peer.pieces[-1].count(b"\n") == 4
    assert peer.lines[-4:] == [
        b'widget_set till 0 1 1 "Gr\xf6\xdfe: 3 \xc4pfel, \xd6l, \xdcbertrag"',
        b'widget_set till 1 1 2 "' + b"a" * 40 + b'"',
        b'widget_set till 2 1 3 "Summe 3 Artikel                     4,80"',
        b'widget_set till 3 1 4 "# kaufen  * zur\xfcck         Rest    13,55"',
    ]


def test_only_rows_that_changed_are_sent(peer, screen):
    screen.show(GERMAN)
    del peer.lines[:]
    screen.show(GERMAN)
    screen.show([*GERMAN[:3], NEXT[3]])
    assert [line.split()[2] for line in peer.lines] == [b"3"]


def test_each_command_sets_one_option_because_each_option_is_answered(peer, screen):
    screen.show(GERMAN)
    options = [line.split() for line in peer.lines if line.startswith(b"screen_set")]
    assert options
    assert {len(words) for words in options} == {4}


def test_answers_are_acknowledged_at_once(peer):
    """The real server's kernel holds each back until the one before was: 40 ms a picture."""
    opened = []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        opened.append(socket.create_connection(address, timeout))
        return opened[0]

    bus = Lcdd("127.0.0.1", peer.port, Geometry(), connect=connect)
    screen = Screen(bus)
    for lines in (GERMAN, NEXT, GERMAN):
        screen.show(lines)
        assert opened[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK)
    bus.close()


def chatty(line: bytes) -> bytes:
    return b"listen till\nkey Enter\nignore till\n" + usual(line) if line != b"hello" else HELLO


@pytest.mark.parametrize("peer", [chatty], indirect=True)
def test_what_comes_unasked_is_no_answer(peer, screen):
    for lines in (GERMAN, NEXT, GERMAN):
        screen.show(lines)
    screen.check()
    assert len([line for line in peer.lines if line.startswith(b"widget_set")]) == 4 + 3 + 3


def refusing(line: bytes) -> bytes:
    return b"huh? Unknown widget id\n" if line.startswith(b"widget_set") else usual(line)


@pytest.mark.parametrize("peer", [refusing], indirect=True)
def test_a_refusal_says_what_was_refused_but_not_what_it_said(peer, screen):
    with pytest.raises(OSError, match="LCDd refused widget_set till 0: huh") as raised:
        screen.show(GERMAN)
    assert "pfel" not in str(raised.value)


def hangs_up(line: bytes) -> bytes:
    return b"HANG UP" if line.startswith(b"widget_set") else usual(line)


@pytest.mark.parametrize("peer", [hangs_up], indirect=True)
def test_a_server_that_hangs_up_is_gone(peer, screen):
    with pytest.raises(OSError, match=r"hung up|reset"):
        screen.show(GERMAN)


def hangs_up_when_asked(line: bytes) -> bytes:
    return b"HANG UP" if line == b"noop" else usual(line)


@pytest.mark.parametrize("peer", [hangs_up_when_asked], indirect=True)
def test_hanging_up_all_day_leaves_no_descriptor(peer, screen, size):
    screen.show(GERMAN)
    before = descriptors()
    for _ in range(size(quick=100, ci=1_000, long=10_000)):
        with pytest.raises(OSError, match=r"hung up|reset"):
            screen.check()
        screen.show(NEXT)
    assert descriptors() == before
    assert peer.lines[-1].startswith(b"widget_set")


@pytest.mark.parametrize(
    ("peer", "says"),
    [
        (lambda line: b"SSH-2.0-OpenSSH_9.2\n", "is not LCDd"),
        (lambda line: HELLO.replace(b"40 hgt 4", b"20 hgt 2"), "has 20x2, not 40x4"),
        (lambda line: HELLO.replace(b"40", b"x"), "is not LCDd"),
        (lambda line: b"connect LCDproc\n", "is not LCDd"),
    ],
    indirect=["peer"],
)
def test_what_is_no_fitting_server_says_what_it_is(peer, screen, says):
    with pytest.raises(DeviceError, match=says):
        screen.show(GERMAN)


def test_nobody_listening_says_what_to_start(peer):
    peer.close()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(DeviceError, match="systemctl start LCDd"):
        Screen(Lcdd("127.0.0.1", port, Geometry())).show(GERMAN)


def test_text_that_looks_like_commands_is_text(workshop):
    rig = workshop.rig("lcdd")
    lines = [
        r'"} \ {" \t \\'.ljust(40),
        "\\" * 40,
        '"' * 40,
        "screen_del till".ljust(40),
    ]
    Screen(rig.bus).show(lines)
    assert rig.shows(lines), rig.reads
