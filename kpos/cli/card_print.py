"""`kpos card print`: cards on paper, new ones and such as there are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpos.cli.common import data_option, reading, request, warn
from kpos.cli.paper import Paper, paper_options
from kpos.domain.refusal import refuse
from kpos.reports.paper.sheets import CARD_SHEETS

if TYPE_CHECKING:
    from kpos.domain.member import Card, Language
    from kpos.ledger.readonly import Connection
    from kpos.reports.paper.cards import PaperCard


@click.command("print")
@data_option
@paper_options(tuple(CARD_SHEETS))
@click.option(
    "--guests",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="N new guest cards, each with an empty wallet; they are booked.",
)
@click.option("--group", help="Price group of the new guest cards (setting guest_group).")
@click.option(
    "--member",
    "members",
    multiple=True,
    help="The cards that a member has; may be given several times.",
)
@click.option(
    "--new", is_flag=True, help="Issue a new card to each --member, and print that; it is booked."
)
@click.option(
    "--card",
    "codes",
    multiple=True,
    help="A card there is, by its code; may be given several times.",
)
@click.argument("file")  # fmt: skip
def print_(
    data: Path,
    file: str,
    guests: int,
    group: str | None,
    members: tuple[str, ...],
    codes: tuple[str, ...],
    sheet: str,
    skip: int,
    language: Language,
    *,
    new: bool,
) -> None:
    """Print cards with bar code and QR code into FILE (.pdf or .svg; - is a PDF to stdout).

    Only --guests and --new book anything: cards with random codes of 40 digits, good at the till
    at once. Without them nothing changes. Whoever has the file can spend what is on its cards:
    delete it when it is printed. Print it at its real size (100 %).

    Ten guest cards from another machine: ssh till kpos card print --guests 10 - > cards.pdf
    """
    _check_usage(guests, group, members, codes, new=new)
    paper = Paper(file, private=True)
    with reading(data) as db:
        cards = [_card_of_code(db, code) for code in codes]
        if not new:
            cards += [card for each in members for card in _cards_of(db, each)]
    issued: list[str] = []
    if guests or new:
        wanted = list(members) if new else []
        done = request(data, "cards_issue", members=wanted, guests=guests, group=group)
        issued = done["codes"]
        with reading(data) as db:
            cards += [_card_of_code(db, code) for code in issued]
    _write(paper, cards, issued, sheet, skip, language)


def _check_usage(
    guests: int, group: str | None, members: tuple[str, ...], codes: tuple[str, ...], *, new: bool
) -> None:
    wrong = {
        "nothing to print: name --guests, --member or --card": not (guests or members or codes),
        "--new goes with --member": new and not members,
        "--group goes with --guests": group is not None and not guests,
    }
    for msg, is_so in wrong.items():
        if is_so:
            raise click.UsageError(msg)


def _write(
    paper: Paper,
    cards: list[PaperCard],
    issued: list[str],
    sheet: str,
    skip: int,
    language: Language,
) -> None:
    from kpos.reports.paper.cards import card
    from kpos.reports.paper.words import WORDS

    chosen = CARD_SHEETS[sheet]
    drawings = [card(each, chosen, WORDS[language]) for each in cards]
    what = f"{len(cards)} card{'s' if len(cards) > 1 else ''}"
    if issued:
        what += f" ({len(issued)} new)"
    try:
        paper.write(chosen.pages(drawings, skip % chosen.pieces), what)
    except OSError:
        if issued:
            again = " ".join(f"--card {code}" for code in issued)
            warn(f"The new cards are booked all the same. Print them: kpos card print FILE {again}")
        raise


def _cards_of(db: Connection, text: str) -> list[PaperCard]:
    """What a member can buy with now."""
    from kpos.ledger import stammdaten
    from kpos.ledger.office import find

    member = find.member(db, text)
    cards = [card for card in stammdaten.cards(db, member.wallet) if card.code and not card.blocked]
    if not cards:
        raise refuse("unknown", f"{member.name} has no card that is not blocked: --new issues one")
    return [_printed(db, card) for card in cards]


def _card_of_code(db: Connection, code: str) -> PaperCard:
    from kpos.ledger.office import find

    card = find.card(db, code)
    if card.blocked:
        raise refuse("blocked", f"card {card.code[:40]!r} is blocked: kpos card unblock it first")
    return _printed(db, card)


def _printed(db: Connection, card: Card) -> PaperCard:
    from kpos.ledger import stammdaten
    from kpos.reports.paper.cards import PaperCard

    holder = stammdaten.member_of(db, card) if card.member is not None else None
    return PaperCard(card.code, holder.name if holder is not None else "")
