"""A till and its WaWi from the command line: paired, kept in step, given back, restored."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kpos.domain.values import replace
from tests.cli.admin import Admin
from tests.cli.daemon import buy, running_till
from tests.sync.served import Server, reply
from tests.sync.wawi import Wawi

WAITS_MS = 60_000


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(Wawi()).running() as server:
        yield server


@pytest.fixture
def paired(admin: Admin, server: Server) -> Admin:
    admin.does("pair", server.url, server.wawi.code())
    return admin


@pytest.fixture
def second(
    paired: Admin,
    server: Server,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Admin:
    """Another till of the same WaWi."""
    second = Admin(tmp_path / "second", capsys, monkeypatch)
    second.does("init")
    second.does("pair", server.url, server.wawi.code("K2"))
    return second


def status(admin: Admin) -> dict[str, Any]:
    row: dict[str, Any] = admin.reads("status")
    return row


def test_a_till_is_paired_and_in_step(admin: Admin, server: Server) -> None:
    assert "wawi" not in status(admin)
    said = admin.does("pair", server.url + "/", server.wawi.code("K7"))
    assert f"Paired with {server.url}: branch Keller, receipts K7-…." in said
    assert "it holds all documents" in said
    row = status(admin)
    assert (row["wawi"], row["branch"], row["prefix"]) == (server.url, "Keller", "K7")
    assert (row["wawi_unsent"], row["wawi_known"]) == (0, True)
    assert row["wawi_reached"]
    assert admin.does("top-up", "--card", "CARD-ADA", "--amount", "5") == "K7-000001"
    assert status(admin)["wawi_unsent"] == 1
    admin.does("sync")
    assert status(admin)["wawi_unsent"] == 0
    admin.does("verify")


def test_what_belongs_to_the_wawi_is_changed_there(paired: Admin, server: Server) -> None:
    for command in (
        ("product", "add", "--name", "Limo", "--price", "1"),
        ("product", "set", "12", "--price", "2"),
        ("barcode", "add", "4000177605004", "--product", "12"),
        ("member", "add", "--name", "Linus"),
        ("card", "block", "CARD-ADA"),
        ("group", "add", "crew"),
        ("supplier", "add", "Quelle"),
        ("condition", "add", "--product", "12", "--fixed", "1"),
        ("setting", "set", "undo_minutes", "6"),
        ("tax", "set", "1", "20"),
    ):
        assert paired.refused(*command).endswith(f"change it at {server.url}")
    paired.does("price", "explain", "12", "--member", "Ada")


def test_a_pin_that_nobody_knows_any_more_is_set_anew_at_a_till(paired: Admin) -> None:
    for pin in ("111111", "271828"):
        paired.does("member", "set", "Ada", "--pin", "-", stdin=f"{pin}\n")
    paired.does("sync")
    with running_till(paired.data, "--language", "en") as till:
        till.keys("42#111111#")
        assert "Wrong PIN" in till.shows
        till.keys("#271828#")
        assert "Hello Ada" in till.shows


@pytest.mark.parametrize(
    ("url", "why"),
    [("http://wawi.example", "this machine alone"), ("wawi", "no address of a WaWi")],
)
def test_a_token_is_sent_nowhere_in_the_clear(admin: Admin, url: str, why: str) -> None:
    assert why in admin.refused("pair", url, "CODE-1")


def test_a_wrong_code_pairs_nobody(admin: Admin, server: Server) -> None:
    assert "not, or no longer, good" in admin.refused("pair", server.url, "CODE-9")
    assert "64 hex digits" in admin.refused("pair", server.url, "C", "--fingerprint", "ab")
    assert "not paired" in admin.refused("sync")
    assert "not paired" in admin.refused("unpair")
    admin.does("group", "add", "crew")


def test_a_till_that_cannot_be_what_the_wawi_says_gives_the_token_back(
    admin: Admin, server: Server
) -> None:
    admin.does("pair", server.url, server.wawi.code("K7"))
    admin.does("unpair")
    said = admin.refused("pair", server.url, server.wawi.code("K1"))
    assert "given out receipts K1-…" in said
    assert not server.wawi.tokens
    said = admin.refused("pair", server.url, server.wawi.code("K 8"))
    assert "cannot begin with 'K 8'" in said
    admin.does("pair", server.url, server.wawi.code("K8"))


def test_a_till_is_given_back_when_all_is_sent_or_for_a_reason(
    paired: Admin, server: Server
) -> None:
    paired.does("top-up", "--card", "CARD-ADA", "--amount", "5")
    assert "kpos sync first" in paired.refused("unpair")
    assert "go together" in paired.misused("unpair", "--force")
    assert "go together" in paired.misused("unpair", "--reason", "moved")
    assert paired.does("unpair", "--force", "--reason", "moved") == "Not paired any more."
    assert not server.wawi.tokens
    assert status(paired)["wawi"] == "not paired any more"
    [last] = paired.journal()[-1:]
    said = {"url": server.url, "unsent": 1, "reason": "moved", "is_fed": 1}
    assert last["body"]["fields"] == said
    assert "pair it again" in paired.refused("group", "add", "crew")


def test_a_wawi_that_is_gone_is_said_and_nothing_else(paired: Admin, server: Server) -> None:
    paired.does("top-up", "--card", "CARD-ADA", "--amount", "5")
    server.days.extend([lambda asked: reply(asked, 503, b"", "text/html")] * 2)
    said = paired.refused("sync")
    assert "no WaWi" in said
    assert "(1 documents wait)" in said
    ran = paired.types("unpair", "--force", "--reason", "it burnt down")
    assert (ran.status, ran.out) == (0, "Not paired any more.\n")
    assert "declare this till lost there" in ran.err


def test_a_till_is_rebuilt_from_the_copy_of_the_feed(paired: Admin) -> None:
    said = paired.does("rebuild")
    assert "as old as the copy of it: kpos sync" in said
    assert paired.credit("CARD-ADA") == 2000
    (paired.data / "stammdaten.good.db").unlink(missing_ok=True)
    said = paired.does("rebuild")
    assert "nobody's credit is known: kpos sync" in said
    assert "until the WaWi is reached" in paired.refused(
        "payout", "--card", "CARD-ADA", "--amount", "1"
    )
    paired.does("sync")
    paired.does("payout", "--card", "CARD-ADA", "--amount", "1")
    paired.does("verify")


def test_a_restore_takes_what_came_after_the_backup_from_the_wawi(
    paired: Admin, server: Server, tmp_path: Path
) -> None:
    paired.does("backup", tmp_path / "old.db")
    for _ in range(3):
        paired.does("top-up", "--card", "CARD-ADA", "--amount", "5")
    server.wawi.tail_size = 2
    paired.does("sync")
    kept = paired.journal()
    said = paired.does("restore", tmp_path / "old.db")
    assert "Receipts go on as K1A-…, epoch 2." in said
    assert paired.journal() == kept
    assert "until the WaWi is reached" in paired.refused(
        "payout", "--card", "CARD-ADA", "--amount", "1"
    )
    paired.does("sync")
    assert paired.credit("CARD-ADA") == 3500
    assert paired.does("payout", "--card", "CARD-ADA", "--amount", "1") == "K1A-000001"
    paired.does("sync")
    assert not server.wawi.journals[next(iter(server.wawi.journals))].forks
    paired.does("verify")


def test_a_restore_without_the_wawi_goes_on_beside_what_that_has(
    paired: Admin, server: Server, tmp_path: Path
) -> None:
    paired.does("backup", tmp_path / "old.db")
    paired.does("top-up", "--card", "CARD-ADA", "--amount", "5")
    paired.does("sync")
    server.days.append(lambda asked: reply(asked, 502, b"", "text/html"))
    ran = paired.types("restore", tmp_path / "old.db")
    assert ran.status == 0
    assert "did not give back what this till booked after the backup" in ran.err
    assert paired.does("top-up", "--card", "CARD-ADA", "--amount", "7") == "K1A-000001"
    paired.does("sync")
    assert paired.credit("CARD-ADA") == 2000 + 500 + 700
    [journal] = server.wawi.journals.values()
    assert len(journal.forks) == 1


def test_a_restore_takes_no_others_documents(paired: Admin, server: Server, tmp_path: Path) -> None:
    paired.does("backup", tmp_path / "old.db")
    before = paired.journal()
    paired.does("top-up", "--card", "CARD-ADA", "--amount", "5")
    paired.does("sync")
    [journal] = server.wawi.journals.values()
    end = journal.end
    assert end is not None
    journal.entries[end] = replace(journal.entries[end], content="[]")
    said = paired.does("restore", tmp_path / "old.db")
    assert "K1A" in said
    assert paired.journal() == before


# Beside a running till


def test_a_running_till_is_paired_and_sends_by_itself(admin: Admin, server: Server) -> None:
    with running_till(admin.data, "--language", "en", "--real-time") as till:
        assert "WaWi" not in till.shows
        admin.does("pair", server.url, server.wawi.code("K7"))
        row = status(admin)
        assert (row["running"], row["wawi"], row["wawi_trouble"]) == (True, server.url, "")
        till.do(wait_ms=0)
        assert "WaWi ok" in till.shows
        assert "Till K7" in till.shows
        wallet = next(id_ for (entity, id_) in server.wawi.rows if entity == "balance")
        server.wawi.change("balance", wallet)
        till.scan("CARD-ADA", "4029764001807")
        till.keys("#")
        admin.does("sync")
        assert status(admin)["wawi_unsent"] == 0
    assert sum(row.fields["cents"] for (entity, _), (_, row) in server.wawi.rows.items()
               if entity == "balance") == 2000 - 165  # fmt: skip


def test_an_idle_till_says_how_long_it_is_alone(paired: Admin, server: Server) -> None:
    server.days.extend([lambda asked: reply(asked, 502, b"", "text/html")] * 1000)
    with running_till(paired.data, "--language", "de") as till:
        till.do(wait_ms=3 * 3_600_000)
        assert till.shows.endswith("ohne WaWi 3 h")
        till.do(wait_ms=2 * 24 * 3_600_000)
        assert till.shows.endswith("ohne WaWi 2 Tage")
        buy(till)
        assert "no WaWi" in paired.refused("sync")
        assert "no WaWi" in status(paired)["wawi_trouble"]
        assert "ohne WaWi" in till.shows


def test_a_till_that_was_declared_lost_says_so(paired: Admin, server: Server) -> None:
    for journal in server.wawi.journals.values():
        journal.is_revoked = True
    with running_till(paired.data, "--language", "de") as till:
        assert "kpos pair" in paired.refused("sync")
        till.do(wait_ms=1)
        assert till.shows.endswith("WaWi: neu koppeln")
        buy(till)


def test_a_purchase_from_a_shared_wallet_is_held(second: Admin, server: Server) -> None:
    with running_till(second.data, "--language", "en") as till:
        second.does("sync")
        buy(till)
        assert [line for line, _ in server.asked if line.endswith("/hold")]
        second.does("sync")
        server.days.append(lambda asked: reply(asked, 502, b"", "text/html"))
        till.scan("CARD-ADA", "4029764001807")
        till.keys("#")
        assert "no answer of the WaWi" in till.shows
        till.keys("#")
        assert "Thank you, Ada!" in till.shows
        till.do(wait_ms=WAITS_MS)
    second.does("sync")
    second.does("verify")


def test_a_shared_wallet_that_is_empty_elsewhere_buys_nothing(
    second: Admin, server: Server
) -> None:
    [wallet] = [
        id_
        for (entity, id_), (_, row) in server.wawi.rows.items()
        if entity == "balance" and row.fields["cents"] == 2000
    ]
    with running_till(second.data, "--language", "en") as till:
        second.does("sync")
        till.scan("CARD-ADA", "4029764001807")
        server.wawi.post(wallet, -1900)
        till.keys("#")
        assert "0.65" in till.shows
        server.wawi.holds[next(iter(server.wawi.journals)), wallet] = (100, None)
        server.wawi.post(wallet, 65)
        till.keys("#")
        assert "in use at another till" in till.shows
        assert not till.booked
