"""Somebody at a shell: commands, and what they answer."""

import io
import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kpos.cli import main

MATE = "4029764001807"


class Ran(NamedTuple):
    """How a command went."""

    status: int
    out: str
    err: str


class Stdin(io.StringIO):
    """Piped in; no terminal."""

    def isatty(self) -> bool:
        return False


class Admin:
    """Types commands about one till, whose folder stands in KPOS_DATA."""

    def __init__(
        self, data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.data = data
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        monkeypatch.setenv("KPOS_DATA", str(data))

    def types(self, *arguments: object, stdin: str = "") -> Ran:
        """Any command, however it goes."""
        self._monkeypatch.setattr("sys.stdin", Stdin(stdin))
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = self._capsys.readouterr()
        assert "Traceback" not in err
        code = ended.value.code
        assert isinstance(code, int)
        return Ran(code, out, err)

    def does(self, *arguments: object, stdin: str = "") -> str:
        """A command that works; what it says."""
        ran = self.types(*arguments, stdin=stdin)
        assert ran.status == 0, ran.err
        return ran.out.strip()

    def reads(self, *arguments: object) -> Any:
        """What a command says with --json."""
        return json.loads(self.does(*arguments, "--json"))

    def refused(self, *arguments: object, stdin: str = "") -> str:
        """The one line that says why a command did nothing."""
        ran = self.types(*arguments, stdin=stdin)
        assert (ran.status, ran.out) == (1, "")
        [line] = ran.err.splitlines()
        assert line.startswith("kpos: ")
        return line.removeprefix("kpos: ")

    def misused(self, *arguments: object, stdin: str = "") -> str:
        """The one line that says how a command is used."""
        ran = self.types(*arguments, stdin=stdin)
        assert (ran.status, ran.out) == (2, "")
        [line] = ran.err.splitlines()
        return line.removeprefix("kpos: ")

    # Short forms of what nearly every test needs

    def journal(self, *arguments: object) -> list[dict[str, Any]]:
        """All documents."""
        lines = self.does("journal", "--json", *arguments).splitlines()
        return [json.loads(line) for line in lines]

    def credit(self, card: str) -> int:
        """Of a card, in cents."""
        cents: int = self.reads("card", "show", card)["credit_cents"]
        return cents

    def opens_a_shop(self) -> None:
        """A till with a bottle; Ada with 20.00 and a card; a guest's card."""
        self.does("init")
        self.does("group", "add", "guests")
        mate = ("--name", "Club-Mate 0,5l", "--barcode", MATE, "--price", "1.50")
        self.does("product", "add", *mate, "--deposit", "0.15", "--number", 12)
        self.does("member", "add", "--name", "Ada", "--number", 42)
        self.does("card", "issue", "--code", "CARD-ADA", "--member", "Ada")
        self.does("card", "issue", "--code", "GUEST-1", "--group", "guests")
        self.does("top-up", "--card", "CARD-ADA", "--amount", "20.00")
