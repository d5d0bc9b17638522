"""Bars as a row of modules, ``1`` for dark: Code 128 (ISO/IEC 15417) and EAN (ISO/IEC 15420).

Few enough lines to stand here rather than in a library: python-barcode 0.16.1 loses the first two
digits of a code that begins with 99, which it takes for its own change of character set.
"""

from __future__ import annotations

import re

# Widths of bar, space, bar, ... for each value from 0 to 105.
_PATTERNS = """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132
122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212
322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311
112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321
331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214
112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212
124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113
411311 113141 114131 311141 411131 211412 211214 211232
"""
_STOP = "2331112"
_TO_B, _TO_C, _START_B, _START_C = 100, 99, 104, 105
_MODULUS = 103
# Four digits or more in set C, two in one character; everything else in set B.
_PART = re.compile(r"((?:[0-9]{2}){2,})|(.)")

# The right half of EAN; turned around it is set B, with dark and light exchanged set A.
_DIGITS = "1110010 1100110 1101100 1000010 1011100 1001110 1010000 1000100 1001000 1110100".split()
_SWAPPED = str.maketrans("01", "10")
# Sets of the left half: they say the first of the thirteen digits.
_SETS = "AAAAAA AABABB AABBAB AABBBA ABAABB ABBAAB ABBBAA ABABAB ABABBA ABBABA".split()
_EDGE, _MIDDLE = "101", "01010"
_EAN_8_DIGITS = 8


def code_128(text: str) -> str:
    """A text of printable ASCII."""
    values = _values(text)
    check = (values[0] + sum(place * value for place, value in enumerate(values))) % _MODULUS
    patterns = _PATTERNS.split()
    widths = "".join(patterns[value] for value in (*values, check)) + _STOP
    return "".join("10"[place % 2] * int(width) for place, width in enumerate(widths))


def ean(digits: str) -> str:
    """EAN-13 or EAN-8, from its thirteen or eight digits with the check digit."""
    short = len(digits) == _EAN_8_DIGITS
    sets, shown = ("AAAA", digits) if short else (_SETS[int(digits[0])], digits[1:])
    half = len(sets)
    left = "".join(map(_left, shown[:half], sets))
    right = "".join(_DIGITS[int(digit)] for digit in shown[half:])
    return f"{_EDGE}{left}{_MIDDLE}{right}{_EDGE}"


def _values(text: str) -> list[int]:
    """The values of all characters, the first of which says in which set it begins."""
    values: list[int] = []
    in_pairs = False
    for pairs, single in _PART.findall(text):
        start, change = (_START_C, _TO_C) if pairs else (_START_B, _TO_B)
        if not values:
            values.append(start)
        elif bool(pairs) is not in_pairs:
            values.append(change)
        in_pairs = bool(pairs)
        if pairs:
            values += [int(pairs[place : place + 2]) for place in range(0, len(pairs), 2)]
        else:
            values.append(ord(single) - ord(" "))
    return values


def _left(digit: str, its_set: str) -> str:
    right = _DIGITS[int(digit)]
    return right[::-1] if its_set == "B" else right.translate(_SWAPPED)
