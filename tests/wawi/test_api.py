"""What a till gets from a server, request by request, on SQLite and PostgreSQL."""

import gzip
import itertools
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from kpos.sync.wire import PAGE, Page
from tests.wawi.test_problems import check_problem
from tests.wawi.till import HttpTill, code_for

BRANCHES = itertools.count()
PAUSE = {"version": "0.1.0", "queue": 0, "at": "2026-11-22T12:00:00.000Z"}


def new_branch(server):
    name = f"Filiale {next(BRANCHES)}"
    server.kpos("branch", "add", name)
    return name


def new_till(server, folder, branch):
    """One that sold alone before it was paired."""
    made = HttpTill(folder, server)
    made.book("product_add", name="Club-Mate", price_cents=150)
    made.book("member_add", name="Ada", opening_cents=2000)
    made.pair(code_for(server, branch))
    return made


@pytest.fixture
def till(server, tmp_path):
    made = new_till(server, tmp_path / "till", new_branch(server))
    yield made
    made.close()


def point(of):
    return [of.epoch, of.seq, of.hash]


def wallet_of(till):
    return till.books.db.execute("SELECT wallet FROM member").fetchone()[0]


def test_a_till_brings_its_history_along(till):
    entries = till.entries()
    answer = till.push(entries)
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"acked": point(till.head), "applied": point(till.head)}
    page = till.ask("GET", "snapshot").json()
    assert page["is_last"]
    assert page["applied"] == {till.books.identity.till: point(till.head)}
    assert "Club-Mate" in [
        change["fields"].get("name") for change in page["changes"] if change["entity"] == "product"
    ]


def test_sending_again_is_harmless_and_a_gap_is_refused(till):
    entries = till.entries()
    assert till.push(entries[:3]).json()["acked"] == point(entries[2].point)
    assert till.push(entries).json() == till.push(entries).json()
    till.book("product_add", name="Milka", price_cents=200)
    till.book("product_add", name="Cola", price_cents=150)
    [_first, second] = till.entries()[len(entries) :]
    problem = check_problem(till.push([second], after=second.point), 409, "unlinked")
    assert problem["held"] == point(entries[-1].point)


def test_a_till_gets_its_own_documents_back(till):
    entries = till.entries()
    till.push(entries)
    whole = till.ask("GET", "journal").json()
    assert [each["point"] for each in whole["entries"]] == [point(each.point) for each in entries]
    assert whole["is_last"]
    after = ".".join(map(str, point(entries[0].point)))
    part = till.ask("GET", f"journal?after={after}&limit=2").json()
    assert [each["point"] for each in part["entries"]] == [
        point(each.point) for each in entries[1:3]
    ]
    assert not part["is_last"]
    elsewhere = after[:-1] + ("0" if after[-1] != "0" else "1")
    check_problem(till.ask("GET", f"journal?after={elsewhere}"), 409, "unlinked")


def test_the_last_common_point_is_found(till):
    entries = till.entries()
    till.push(entries[:2])
    points = [point(each.point) for each in entries]
    assert till.ask("POST", "journal/common", json=points).json() == points[1]
    assert till.ask("POST", "journal/common", json=points[2:]).json() is None


def test_the_feed_is_read_in_pages_and_goes_on_where_it_ended(till):
    till.push(till.entries())
    pages: list[Page] = []
    cursor = None
    while not pages or not pages[-1].is_last:
        query = f"changes?limit=3{f'&cursor={cursor}' if cursor else ''}"
        pages.append(PAGE.read(till.ask("GET", query).json()))
        cursor = pages[-1].cursor
    assert all(len(page.changes) == 3 for page in pages[:-1])
    # Having read that its wallet is free, a second till of a house is told so for good.
    page = PAGE.read(till.ask("GET", f"changes?cursor={cursor}").json())
    assert {each.entity for each in page.changes} <= {"balance"}
    cursor = page.cursor
    assert till.ask("GET", f"changes?cursor={cursor}").json()["changes"] == []
    till.server.kpos("branch", "add", f"Neu {next(BRANCHES)}")
    till.book("product_add", name="Milka", price_cents=200)
    till.push(till.entries())
    [milka] = till.ask("GET", f"changes?cursor={cursor}").json()["changes"]
    assert (milka["entity"], milka["fields"]["price_cents"]) == ("product", 200)
    expired = till.ask("GET", "changes?cursor=v1.1.ffffffffffff")
    check_problem(expired, 410, "cursor-expired")


def test_a_snapshot_is_sent_once_per_state(till):
    till.push(till.entries())
    answer = till.ask("GET", "snapshot", headers={"Accept-Encoding": "gzip"})
    tag = answer.headers["ETag"]
    assert tag.startswith('"')
    assert answer.headers["Content-Encoding"] == "gzip"
    again = till.ask("GET", "snapshot", headers={"If-None-Match": tag, "Accept-Encoding": "gzip"})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    plain = till.ask("GET", "snapshot", headers={"Accept-Encoding": "identity"})
    assert plain.json() == answer.json()
    assert plain.headers["ETag"] != tag
    till.book("product_add", name="Milka", price_cents=200)
    till.push(till.entries())
    assert till.ask("GET", "snapshot", headers={"If-None-Match": tag}).status_code == 200


def test_a_wallet_that_is_free_is_held_for_one_till_at_a_time(server, tmp_path, till):
    till.push(till.entries())
    other = new_till(server, tmp_path / "other", new_branch(server))
    other.push(other.entries())
    wallet = wallet_of(till)
    assert till.ask("GET", f"wallets/{wallet}").json()["balance_cents"] == 2000
    for each in (till, other):  # both read, so that the first one knows that it is not alone
        page = each.ask("GET", "changes").json()
        each.ask("GET", f"changes?cursor={page['cursor']}")
        each.push([], after=each.head)
    wish = {"cents": 1500, "head": point(till.head)}
    first = till.ask("POST", f"wallets/{wallet}/hold", json=wish).json()
    second = other.ask("POST", f"wallets/{wallet}/hold", json=wish | {"head": None}).json()
    assert first == {"is_granted": True, "balance_cents": 2000}
    assert second == {"is_granted": False, "balance_cents": 2000}
    other.close()


def test_a_till_is_seen(server, till):
    before = json.loads(server.kpos("till", "list", "--json"))
    assert till.ask("POST", "heartbeat", json=PAUSE | {"queue": 7}).json()["at"].endswith("Z")
    prefix = till.books.identity.prefix
    shown = {row["id"]: row for row in json.loads(server.kpos("till", "list", "--json"))}
    row = shown[till.books.identity.till]
    assert (row["queue"], row["state"], len(shown)) == (7, "paired", len(before))
    assert row["last_seen"]
    assert row["prefix"].startswith("K"), prefix
    bad = till.ask("POST", "heartbeat", json=PAUSE | {"at": "yesterday"})
    assert check_problem(bad, 422, "malformed")["errors"][0]["pointer"] == "/at"


def test_a_till_that_sells_is_seen_by_that_and_what_it_sent_waits_no_more(server, till):
    assert not shown(server, till)["last_seen"]
    entries = till.entries()
    till.push(entries[:1])
    assert shown(server, till)["last_seen"]
    till.ask("POST", "heartbeat", json=PAUSE | {"queue": 7})
    till.push(entries[1:2], after=entries[0].point)
    assert shown(server, till)["queue"] == 7
    till.push(entries[2:], after=entries[1].point)
    assert shown(server, till)["queue"] == 0


def shown(server, till):
    """Its row in the server's list of tills."""
    rows = json.loads(server.kpos("till", "list", "--json"))
    return next(row for row in rows if row["id"] == till.books.identity.till)


def test_a_code_works_once(server, tmp_path):
    code = code_for(server, new_branch(server))
    tills = [HttpTill(tmp_path / name, server) for name in ("one", "two")]
    first, second = (each.ask("POST", "pair", json=each.application(code)) for each in tills)
    assert first.status_code == 200, first.text
    check_problem(second, 403, "code")
    for till in tills:
        till.close()


def test_a_till_that_went_or_is_lost_is_not_let_in(server, tmp_path, till):
    assert till.ask("DELETE", "till").status_code == 204
    check_problem(till.ask("GET", "changes"), 401, "unauthorized")
    other = new_till(server, tmp_path / "other", new_branch(server))
    listed = json.loads(server.kpos("till", "list", "--json"))
    [prefix] = [row["prefix"] for row in listed if row["id"] == other.books.identity.till]
    server.kpos("till", "lost", prefix)
    check_problem(other.push(other.entries()), 401, "unauthorized")
    other.close()


def test_a_document_that_cannot_be_read_stops_its_till_alone(server, tmp_path, till):
    entries = till.entries()
    message = {
        "after": None,
        "head": point(till.head),
        "entries": [
            {
                "point": point(each.point),
                "prev_hash": each.prev_hash,
                "content": each.content if index != 1 else "{}",
            }
            for index, each in enumerate(entries)
        ],
    }
    body = gzip.compress(json.dumps(message).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    ack = till.ask("POST", "journal", data=body, headers=headers).json()
    assert (ack["acked"], ack["applied"]) == (point(till.head), point(entries[0].point))
    other = new_till(server, tmp_path / "other", new_branch(server))
    assert other.push(other.entries()).json()["applied"] == point(other.head)
    token = (server.data / "metrics-token").read_text().strip()
    assert "\nkpos_alarms_open 0\n" not in server.ask("GET", "metrics", token).text
    other.close()


def test_tills_may_all_come_at_once(server, tmp_path):
    branch = new_branch(server)
    tills = [new_till(server, tmp_path / f"till{number}", branch) for number in range(4)]
    journals = [(till, till.entries()) for till in tills]

    def send(pair):
        till, entries = pair
        applied, after = None, None
        for entry in entries:
            answer = till.push([entry], after=after)
            assert answer.status_code == 200, answer.text
            applied, after = answer.json()["applied"], entry.point
            till.ask("GET", "changes")
        return applied

    with ThreadPoolExecutor(len(tills)) as pool:
        applied = list(pool.map(send, journals))
    assert applied == [point(till.head) for till in tills]
    assert server.kpos("check").endswith("are whole.\n")
    for till in tills:
        till.close()
