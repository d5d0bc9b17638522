"""What stands on paper beside names, in the languages of the till."""

from __future__ import annotations

from collections.abc import Sequence

from kpos.domain.member import Language
from kpos.domain.money import Money
from kpos.domain.values import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    mark: str
    guest_card: str
    guest_kind: str
    member_kind: str
    guest_hints: tuple[str, ...]
    member_hints: tuple[str, ...]
    on_top: str
    deposit: str
    number: str
    guests: str

    def amount(self, money: Money) -> str:
        """``1,50 €``."""
        return f"{money.text(self.mark)} €"

    def charged(self, charges: Sequence[tuple[str, Money]]) -> str:
        """``zzgl. 0,15 € Pfand``; nothing where nothing comes on top."""
        named = (
            f"{self.amount(money)} {self.deposit if name == 'deposit' else name}"
            for name, money in charges
        )
        listed = ", ".join(named)
        return self.on_top.format(listed) if listed else ""


_GERMAN = Words(
    mark=",",
    guest_card="Gästekarte",
    guest_kind="Guthabenkarte ohne Namen",
    member_kind="Mitgliedskarte",
    guest_hints=(
        "Karte zeigen, Waren scannen, # drücken.",
        "Wer diese Karte hat, kann ihr Guthaben",
        "ausgeben: gut aufheben.",
    ),
    member_hints=(
        "Karte zeigen, Waren scannen, # drücken.",
        "Verloren? Gleich melden: sie wird gesperrt,",
        "das Guthaben bleibt.",
    ),
    on_top="zzgl. {}",
    deposit="Pfand",
    number="Nr. {}",
    guests="Gäste {}",
)
_ENGLISH = Words(
    mark=".",
    guest_card="Guest card",
    guest_kind="Prepaid card without a name",
    member_kind="Member card",
    guest_hints=(
        "Show the card, scan goods, press #.",
        "Whoever has this card can spend its",
        "credit: keep it well.",
    ),
    member_hints=(
        "Show the card, scan goods, press #.",
        "Lost? Say so at once: it is blocked,",
        "the credit stays.",
    ),
    on_top="plus {}",
    deposit="deposit",
    number="No. {}",
    guests="Guests {}",
)
WORDS: dict[Language, Words] = {"de": _GERMAN, "en": _ENGLISH}
