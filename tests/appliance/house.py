"""A companion server on this machine, as a till in a virtual machine sees it: 10.0.2.2, by TLS.

It speaks plain HTTP to loopback alone; in front of it is a line with a certificate of our own
making, which the till is told to know by its fingerprint.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.process.jsonl_till import run_kpos
from tests.sync.served import certify
from tests.wawi.line import Line
from tests.wawi.server import Server, kpos_wawi, serving
from tests.wawi.shop import rows
from tests.wawi.till import code_for

# What QEMU's network calls the machine that it runs on.
HOST: Final = "10.0.2.2"
BRANCH: Final = "Keller"
MEMBERS: Final = """\
name,number,role,cards,credit
Ada,42,member,CARD-ADA,20.00
Linus,23,member,CARD-LINUS,15.00
Grace,7,trusted,,
"""


@dataclass(frozen=True)
class House:
    """A server with the demo's goods and three members, and how a till gets there."""

    server: Server
    url: str
    fingerprint: str

    def code(self) -> str:
        """For one more till."""
        return code_for(self.server, BRANCH)

    def check(self) -> None:
        """All chains, all sums."""
        kpos_wawi(self.server.data, "check")

    def hashes(self) -> list[str]:
        """Of all that it holds of its only till, in order."""
        return [digest for digest, _ in self._held()]

    def receipts(self) -> list[str]:
        """The same, as far as it has a number."""
        return [receipt for _, receipt in self._held() if receipt is not None]

    def _held(self) -> list[tuple[str, str | None]]:
        query = (
            "SELECT hash, receipt FROM document JOIN till ON till.id = document.till"
            " WHERE branch IS NOT NULL ORDER BY epoch, seq"
        )
        return rows(self.server.data / "wawi.db", query)


@contextmanager
def open_house(folder: Path) -> Iterator[House]:
    """A house that has never seen a till."""
    folder.mkdir()
    data = folder / "wawi"
    data.mkdir()
    (data / "wawi.toml").write_text(f'[wawi]\nhosts = "{HOST}"\n', encoding="utf-8")
    with serving(data) as server, closing(Line(server.url)) as line:
        _fill(folder, data)
        fingerprint = certify(line, folder)
        yield House(server, line.url.replace("127.0.0.1", HOST), fingerprint)


def _fill(folder: Path, data: Path) -> None:
    """The demo's goods, by the list that a till of the demo exports."""
    demo = folder / "demo"
    run_kpos("init", "--demo", "--data", demo)
    products, members = folder / "products.csv", folder / "members.csv"
    products.write_text(run_kpos("product", "export", "--data", demo), encoding="utf-8")
    members.write_text(MEMBERS, encoding="utf-8")
    kpos_wawi(data, "branch", "add", BRANCH)
    kpos_wawi(data, "import", "product", str(products))
    kpos_wawi(data, "import", "member", str(members))
