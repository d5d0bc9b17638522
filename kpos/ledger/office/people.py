"""Groups, members and their PINs."""

from __future__ import annotations

from kpos.domain import postings
from kpos.domain.cashing import member_cash
from kpos.domain.condition import Condition, fault_of
from kpos.domain.document import Draft, Json
from kpos.domain.member import Language, Member, Role
from kpos.domain.money import Money
from kpos.domain.refusal import refuse
from kpos.domain.values import replace
from kpos.ledger import cash, conditions, master, privacy, stammdaten
from kpos.ledger.checks import check_size, new_id
from kpos.ledger.office import find
from kpos.ledger.office.forms import checked_fields
from kpos.ledger.pins import N_MAX, P, R, Verifier, store_verifier
from kpos.ledger.seam import Books
from kpos.ledger.stammdaten import MEMBERS, Group


def group_add(books: Books, author: str, *, name: str, markup_bp: int = 0) -> dict[str, Json]:
    """Add a price group with its default condition: a markup on what has no price of its own."""
    checked = master.checked_name(name)
    known = stammdaten.group_of_name(books.current(), checked)
    if known is not None and not known.retired:
        raise refuse("taken", f"there is a group {checked!r} already")
    group = Group(known.id if known else new_id(), checked)
    defaults = conditions.defaults_of(books.current(), group.id)
    identifier = defaults[0].id if defaults else new_id()
    default = Condition(identifier, "markup", markup_bp, group=group.id)
    fault = fault_of(default)
    if fault is not None:
        raise refuse("invalid", fault)
    with books.booking() as booking:
        booking.append(master.group_row(group, author))
        booking.append(master.condition_row(default, author))
    return {"id": group.id}


def group_set(books: Books, author: str, *, group: str, name: str) -> dict[str, Json]:
    """Rename a price group; the one everybody begins in keeps its name."""
    found = find.group(books.current(), group)
    checked = master.checked_name(name)
    if found.name == MEMBERS:
        raise refuse("invalid", f"the group {MEMBERS!r} is everybody's default and stays")
    if stammdaten.group_of_name(books.current(), checked) is not None:
        raise refuse("taken", f"there is a group {checked!r} already")
    with books.booking() as booking:
        booking.append(master.group_row(replace(found, name=checked), author))
    return {"id": found.id}


def group_retire(books: Books, author: str, *, group: str) -> dict[str, Json]:
    """Close a price group; the one everybody begins in stays."""
    found = find.group(books.current(), group)
    if found.name == MEMBERS:
        raise refuse("invalid", f"the group {MEMBERS!r} is everybody's default and stays")
    inside = [m for m in stammdaten.members(books.current()) if m.group == found.id]
    if any(not member.retired for member in inside):
        raise refuse("invalid", f"there are members in {found.name!r}: move them first")
    with books.booking() as booking:
        booking.append(master.group_row(replace(found, retired=True), author))
    return {"id": found.id}


def member_add(
    books: Books,
    author: str,
    *,
    name: str,
    number: int | None = None,
    pin: dict[str, Json] | None = None,
    group: str | None = None,
    role: Role = "member",
    language: Language | None = None,
    history: bool = False,
    opening_cents: int = 0,
) -> dict[str, Json]:
    """Add a member with a wallet of their own; `pin` is a packed verifier."""
    member = new_member(books, name, number, group, role, language)
    member = replace(member, history=history)
    with books.booking() as booking:
        for draft in member_drafts(member, opening_cents, author):
            booking.append(draft)
        if pin is not None:
            booking.append(master.pin_row(member.id, author, exists=True))
            store_verifier(booking, member.id, unpack_verifier(pin))
    return {"id": member.id, "wallet": member.wallet}


def member_set(
    books: Books, author: str, *, member: str, changes: dict[str, Json]
) -> dict[str, Json]:
    """Change a member: name, number, group, role, language.

    Who becomes trusted needs a longer PIN: the old one is removed.
    """
    before = find.member(books.current(), member)
    values = checked_fields(changes, "name number group role language")
    if "group" in values:
        values["group"] = find.group(books.current(), values["group"]).id
    if "name" in values:
        values["name"] = master.checked_name(values["name"])
    after = replace(before, **values)
    master.free_number(books, after.number, after.id)
    raised = before.role == "member" != after.role
    pin_removed = raised and books.pins.standing(after.id).exists
    with books.booking() as booking:
        booking.append(master.member_row(after, author))
        if pin_removed:
            booking.append(master.pin_row(after.id, author, exists=False))
            store_verifier(booking, after.id, None)
    return {"id": after.id, "pin_removed": pin_removed}


def member_retire(books: Books, author: str, *, member: str) -> dict[str, Json]:
    """A member leaves: cards are blocked, the number is free again."""
    before = find.member(books.current(), member)
    credit = books.credit(before.wallet)
    if credit:
        raise refuse("credit", f"there is credit of {credit}: kpos payout or kpos transfer first")
    held = cash.expected(books, member_cash(before.id))
    if held:
        raise refuse(
            "cash", f"there is cash of {held}: kpos cash collect --from {member[:40]} first"
        )
    cards = stammdaten.cards(books.current(), before.wallet)
    with books.booking() as booking:
        booking.append(master.member_row(replace(before, number=None, retired=True), author))
        for card in cards:
            booking.append(master.card_row(replace(card, blocked=True), author))
    return {"id": before.id}


def pin_set(
    books: Books, author: str, *, member: str, pin: dict[str, Json] | None
) -> dict[str, Json]:
    """Set or remove a member's PIN; lost attempts are forgiven."""
    subject = find.member(books.current(), member).id
    with books.booking() as booking:
        booking.append(master.pin_row(subject, author, exists=pin is not None))
        store_verifier(booking, subject, unpack_verifier(pin) if pin else None)
    return {"id": subject}


def erase(books: Books, author: str, *, member: str) -> dict[str, Json]:
    """Delete everything that names a member, for good."""
    identifier = find.member(books.current(), member).id
    privacy.erase_member(books, identifier, author)
    return {"id": identifier}


def pack_verifier(verifier: Verifier) -> dict[str, Json]:
    """A verifier as JSON, for the way through the control socket."""
    return {
        "salt": verifier.salt.hex(),
        "key": verifier.key.hex(),
        "n": verifier.n,
        "r": verifier.r,
        "p": verifier.p,
    }


def unpack_verifier(packed: dict[str, Json]) -> Verifier:
    """The inverse of `pack_verifier`.

    Raises:
        Refused: if it is none, or one that would take longer or more memory than ours.
    """
    try:
        salt, key = bytes.fromhex(packed["salt"]), bytes.fromhex(packed["key"])
        n, r, p = packed["n"], packed["r"], packed["p"]
        is_ours = (
            n in range(2, N_MAX + 1) and r in range(1, R + 1) and p == P and n.bit_count() == 1
        )
    except (KeyError, TypeError, ValueError) as error:
        raise refuse("invalid", "the PIN did not arrive in the form PINs are kept in") from error
    if not is_ours:
        raise refuse("invalid", "the PIN is kept in another way: is the till older or newer?")
    return Verifier(salt, key, n, r, p)


def new_member(
    books: Books,
    name: str,
    number: int | None,
    group: str | None,
    role: Role,
    language: Language | None,
) -> Member:
    """A member that can be added, with a wallet of their own.

    Raises:
        Refused: naming what is wrong.
    """
    member = Member(
        id=new_id(),
        name=master.checked_name(name),
        wallet=new_id(),
        group=find.group(books.current(), group or MEMBERS).id,
        role=role,
        number=number,
        language=language,
    )
    master.free_number(books, member.number, member.id)
    return member


def member_drafts(member: Member, opening_cents: int, author: str) -> list[Draft]:
    """A new member, their wallet, and what they bring along."""
    drafts = [
        master.member_row(member, author),
        master.wallet_row(member.wallet, member.id, None, author),
    ]
    check_size(Money(opening_cents))
    if opening_cents:
        opening = postings.top_up(
            member.wallet, Money(opening_cents), "opening", postings.OPENING, None
        )
        drafts.append(replace(opening, author=author))
    return drafts
