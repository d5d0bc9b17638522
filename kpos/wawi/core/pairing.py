"""How a till gets to know the server: a code that is good once, for a quarter of an hour.

A prefix is given for ever, with all that add only letters to it, since a till may begin an epoch
without asking. What a till has is kept if nobody else ever had it.
"""

from __future__ import annotations

import re
import secrets

from kpos.domain.document import Ref
from kpos.domain.ids import Id
from kpos.domain.instant import Instant
from kpos.domain.refusal import refuse
from kpos.domain.values import dataclass
from kpos.ledger.database import Database
from kpos.sync.backend import Refused
from kpos.sync.wire import Application, Paired
from kpos.wawi.core import audit, homes
from kpos.wawi.core.feed import lock
from kpos.wawi.core.schema import OFFICE_PREFIX, add_till
from kpos.wawi.core.tills import Branch, branch, hash_of

MINUTE_MS = 60_000
CODE_MS = 15 * MINUTE_MS
TRIES_MAX = 5
TOKEN_BYTES = 32
# Crockford's digits: none is taken for another. Four find the code, eight (40 bits) are the secret.
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SELECTOR = 4
_SECRET = 8
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
# What every paired till may do.
SCOPES = "till"
_PREFIX = re.compile("[A-Z]{1,4}[0-9]{0,4}[A-Z]{0,4}")


@dataclass(frozen=True, slots=True)
class Code:
    """A code to type in at a till, and when it is over."""

    code: str
    expires: Instant


def make_code(db: Database, of: Id, who: str, now: Instant) -> Code:
    """A code for a till of a branch.

    Raises:
        Refused: if there is no such branch.
    """
    lock(db)
    if branch(db, of) is None:
        raise refuse("unknown", f"there is no branch {of}")
    selector = _random(_SELECTOR)
    over = "DELETE FROM pairing_code WHERE expires_ms < ? OR selector = ?"
    db.execute(over, (now.ms, selector))
    text = selector + _random(_SECRET)
    expires = now.plus_ms(CODE_MS)
    row = (selector, hash_of(text), of, expires.ms, TRIES_MAX)
    db.execute("INSERT INTO pairing_code VALUES (?, ?, ?, ?, ?)", row)
    audit.note(db, who, audit.Changed("pairing code", None, {"branch": of}), now)
    return Code(f"{text[:4]}-{text[4:8]}-{text[8:]}", expires)


def pair(db: Database, application: Application, now: Instant) -> Paired | Refused:
    """Trade a code for a token.

    A refusal is returned, not raised: the try that was counted must be committed.
    """
    lock(db)
    of = _branch_of_code(db, application.code, now)
    if of is None:
        return Refused("code", "this code is not, or no longer, good: ask for a new one")
    if not _PREFIX.fullmatch(application.prefix) or not _PREFIX.fullmatch(application.cash_prefix):
        return Refused("prefix", "a prefix is letters and a number, such as K1")
    known = db.execute(
        "SELECT branch, prefix, joined_epoch, joined_seq FROM till WHERE id = ?",
        (application.till,),
    ).fetchone()
    if known is not None and known[0] is None:
        return Refused("till", "this is the office's own identity")
    if known is None:
        prefix = _new_till(db, application, of)
    else:
        prefix = _kept_prefix(db, application) or known[1]
    place = _place(db, application, of)
    was_paired = application.till in homes.active_tills(db)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    head = application.head
    end = head.ref if head else Ref(0, 0)
    own = application.own or end
    joined = max((own.epoch, own.seq), (0, 0) if known is None else tuple(known[2:]))
    # A journal that was put back may end before what was its own.
    joined = min(joined, (end.epoch, end.seq))
    db.execute(
        "UPDATE till SET branch = ?, prefix = ?, token_hash = ?, scopes = ?, paired_ms = ?,"
        " joined_epoch = ?, joined_seq = ?, version = ?, lost_ms = NULL WHERE id = ?",
        (
            *(of.id, prefix, hash_of(token), SCOPES, now.ms),
            *joined,
            *(application.version, application.till),
        ),
    )
    if not was_paired:
        homes.till_came(db, now)
    changed = {"till": application.till, "branch": of.id, "prefix": prefix}
    audit.note(db, "till", audit.Changed("till paired", None, changed), now)
    return Paired(token, application.till, place, prefix, of.name)


def _random(digits: int) -> str:
    return "".join(secrets.choice(_DIGITS) for _ in range(digits))


def _branch_of_code(db: Database, code: str, now: Instant) -> Branch | None:
    """The branch that a code is for; it is used up, or one of its tries is."""
    text = "".join(code.upper().translate(_READ_AS).replace("-", "").split())
    row = db.execute(
        "SELECT hash, branch FROM pairing_code"
        " WHERE selector = ? AND expires_ms > ? AND tries_left > 0",
        (text[:_SELECTOR], now.ms),
    ).fetchone()
    if row is None:
        return None
    if not secrets.compare_digest(row[0], hash_of(text)):
        query = "UPDATE pairing_code SET tries_left = tries_left - 1 WHERE selector = ?"
        db.execute(query, (text[:_SELECTOR],))
        return None
    db.execute("DELETE FROM pairing_code WHERE selector = ?", (text[:_SELECTOR],))
    return branch(db, row[1])


def _new_till(db: Database, application: Application, of: Branch) -> str:
    """A till that was never here; its prefix."""
    prefix = _kept_prefix(db, application)
    cash = application.cash_prefix
    if not _is_free(db, cash, application.till):
        # In its own documents its cash box is called as another till's is here.
        cash = prefix or _next_prefix(db)
    prefix = prefix or (cash if cash != application.cash_prefix else _next_prefix(db))
    for given in dict.fromkeys((prefix, cash)):
        _give(db, given, application.till)
    add_till(db, application.till, of.id, (prefix, cash, application.cash_prefix))
    return prefix


def _kept_prefix(db: Database, application: Application) -> str | None:
    """The prefix that a till has, if nobody else ever had it."""
    if not _is_free(db, application.prefix, application.till):
        return None
    _give(db, application.prefix, application.till)
    return application.prefix


def _give(db: Database, prefix: str, till: Id) -> None:
    query = "INSERT INTO number_range VALUES (?, ?) ON CONFLICT (prefix) DO NOTHING"
    db.execute(query, (prefix, till))


def _is_free(db: Database, prefix: str, till: Id) -> bool:
    """Whether nobody but this till was ever given a prefix with the same stem."""
    stem = _stem(prefix)
    if stem == OFFICE_PREFIX:
        return False
    rows = db.execute("SELECT prefix FROM number_range WHERE till <> ?", (till,)).fetchall()
    return all(_stem(given) != stem for (given,) in rows)


def _stem(prefix: str) -> str:
    """What is left of a prefix without the letters that new epochs add: K1 of K1AB, W of WA."""
    letters = re.match("[A-Z]+[0-9]+", prefix)
    if letters is not None:
        return letters.group()
    return OFFICE_PREFIX if prefix.startswith(OFFICE_PREFIX) else prefix


def _next_prefix(db: Database) -> str:
    """K and the number after the highest that was ever given."""
    rows = db.execute("SELECT prefix FROM number_range").fetchall()
    numbers = [int(number) for (given,) in rows for number in re.findall("[0-9]+", given)]
    return f"K{max(numbers, default=0) + 1}"


def _place(db: Database, application: Application, of: Branch) -> Id:
    """Where a till's goods are: the branch's place, or its own if nothing ever was at that."""
    known = db.execute(
        "SELECT branch FROM branch_place WHERE place = ?", (application.place,)
    ).fetchone()
    if known is not None:
        return application.place if known[0] == of.id else of.place
    db.execute("INSERT INTO branch_place VALUES (?, ?)", (application.place, of.id))
    used = db.execute("SELECT 1 FROM stock WHERE place = ? LIMIT 1", (of.place,)).fetchone()
    others = db.execute(
        "SELECT 1 FROM till WHERE branch = ? AND id <> ? LIMIT 1", (of.id, application.till)
    ).fetchone()
    if used is None and others is None and application.head is not None:
        db.execute("UPDATE branch SET place = ? WHERE id = ?", (application.place, of.id))
        return application.place
    return of.place
