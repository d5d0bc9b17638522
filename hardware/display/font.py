"""The dots of characters, 5 wide and 8 high, in the manner of an HD44780's own.

They serve twice: to define characters that a display's ROM lacks, and to draw what an emulated
display shows. A picture is eight rows from the top, bit 4 on the left.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final, TypeAlias

Dots: TypeAlias = tuple[int, ...]

HEIGHT: Final = 8
WIDTH: Final = 5

# A character and its rows from the top, each a digit of base 32; rows left out are empty.
_TABLE: Final = r"""
! 4444004   " aaa        # aavavaa   $ 4fke5u4   % op248j3   & cik8lid   ' c48       ( 2488842
) 8422248   * 04lel4     + 044v44    , 0000c48   - 000v      . 00000cc   / 01248g    0 ehjlphe
1 4c4444e   2 eh1248v    3 v2421he   4 26aiv22   5 vgu11he   6 68guhhe   7 vh12444   8 ehhehhe
9 ehhf12c   : 0cc0cc     ; 0cc0c48   < 248g842   = 00v0v     > 8421248   ? eh12404   @ eh1dlle
A ehhhvhh   B uhhuhhu    C ehggghe   D sihhhis   E vgguggv   F vgguggg   G ehgnhhf   H hhhvhhh
I e44444e   J 72222ic    K hikokih   L ggggggv   M hrllhhh   N hhpljhh   O ehhhhhe   P uhhuggg
Q ehhhlid   R uhhukih    S fgge11u   T v444444   U hhhhhhe   V hhhhha4   W hhhllla   X hha4ahh
Y hhha444   Z v1248gv    [ e88888e   \ 0g84210   ] e22222e   ^ 4ah       _ 000000v   ` 842
a 00e1fhf   b ggmphhu    c 00egghe   d 11djhhf   e 00ehvge   f 698s888   g 0fhhf1e   h ggmphhh
i 40c444e   j 20622ic    k ggikoki   l c44444e   m 00qllhh   n 00mphhh   o 00ehhhe   p 00uhugg
q 00djf11   r 00mpggg    s 00ege1u   t 88s8896   u 00hhhjd   v 00hhha4   w 00hhlla   x 00ha4ah
y 00hhf1e   z 00v248v    { 2448442   | 4444444   } 8442448   ~ 008l2
Ä a0ehvhh   Ö a0ehhhe    Ü a0hhhhe   ß ciikihm   β 00ehuhug  € 78u8u87   ø 01ejlpe   Ø ejjlppe
æ 00q5fkf   Æ fkkukkn    œ 00alnka   Œ fkknkkf   ł c46c44e   Ł ggkogggv  đ 27271fhf  Þ guhhugg
þ 0guhugg   ð a4a1fhe    μ 00hhhjtg  § ege1ehe1  ° 6996      · 0000c     × 00ha4ah   ÷ 04v04
→ 042v24    ← 048v84     ¥ hav4v4    £ 698s88v   ¢ 04fkf4    ¤ 0haah     ñ 05ampihh  ½ ghi45137
ı 00c444e   █ vvvvvvvv   ¡ 4004444   ¿ 4048ghe   « 005aka5   » 00ka5ak   ± 44v44v    ² c248e
³ c24c       ¹ 4c44e      ↑ 4el444    ↓ 444le4    ≤ 248420e   ≥ 842480e   ∞ 00ala     Ω eehhhara
α 009liid   ε 00eg8ge    π 00vaaaj   σ 00fii9     Σ vh848hv   √ 7444k4c   ª e1fhf0v   º ehhe0v
"""

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuv"


def _read(rows: str) -> Dots:
    return tuple(_DIGITS.index(row) for row in rows.ljust(HEIGHT, "0"))


_WORDS: Final = _TABLE.split()
_DRAWN: Final = {" ": (0,) * HEIGHT} | {
    char: _read(rows) for char, rows in zip(_WORDS[::2], _WORDS[1::2], strict=True)
}

# Marks by their combining character, two rows above a small letter; a capital has room for one.
_ABOVE: Final = {
    "\N{COMBINING GRAVE ACCENT}": (0b01000, 0b00100),
    "\N{COMBINING ACUTE ACCENT}": (0b00010, 0b00100),
    "\N{COMBINING CIRCUMFLEX ACCENT}": (0b00100, 0b01010),
    "\N{COMBINING TILDE}": (0b01101, 0b10010),
    "\N{COMBINING MACRON}": (0b01110, 0b00000),
    "\N{COMBINING BREVE}": (0b01010, 0b00100),
    "\N{COMBINING DOT ABOVE}": (0b00100, 0b00000),
    "\N{COMBINING DIAERESIS}": (0b01010, 0b00000),
    "\N{COMBINING RING ABOVE}": (0b00110, 0b00110),
    "\N{COMBINING DOUBLE ACUTE ACCENT}": (0b01001, 0b10010),
    "\N{COMBINING CARON}": (0b01010, 0b00100),
}
# The lowest row is free: no display here shows a cursor.
_BELOW: Final = {"\N{COMBINING CEDILLA}": 0b00100, "\N{COMBINING OGONEK}": 0b00010}


@lru_cache(maxsize=256)
def dots(char: str) -> Dots | None:
    """The picture of one character; None: nobody has drawn it."""
    if char in _DRAWN:
        return _DRAWN[char]
    parts = unicodedata.normalize("NFD", char)
    if len(parts) != 2:
        return None
    letter, mark = parts[0], parts[1]
    rows = _DRAWN.get("ı" if letter == "i" else letter)
    if rows is None:
        return None
    if mark in _BELOW:
        return (*rows[:-1], rows[-1] | _BELOW[mark]) if not rows[-1] else None
    return _topped(rows, _ABOVE[mark]) if mark in _ABOVE else None


def _topped(rows: Dots, mark: tuple[int, int]) -> Dots | None:
    """A letter below its mark; None for one that leaves no room, such as b."""
    upper, lower = mark
    if not (rows[0] or rows[1]):
        return (upper, lower, *rows[2:])
    if not rows[-1]:
        return (upper or lower, *rows[:-1])
    return None
