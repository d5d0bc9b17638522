"""Mutants that no test can kill, each with the reason: what they do is the same, or as good."""

_BARCODE = "kpos/domain/barcode.py"

EXPLAINED: dict[str, str] = {
    f"{_BARCODE}::::'PWQ' -> 'PWQ~'": "a pattern with a ~ is refused before",
    f"{_BARCODE}::Layout.read::'' -> '~' #2": "a pattern has at most one c: nothing to join",
    f"{_BARCODE}::_upc_a::'012' -> '012~'": "only digits come here",
    f"{_BARCODE}::_date::1 -> 2": "of day 00 only the month counts",
    f"{_BARCODE}::_date::31 -> 32": "31 or 32 days behind the first, or the second, is next month",
    "kpos/domain/member.py::Holder::0 -> 1": "attempts left are read where there is a PIN",
    "kpos/ledger/books.py::Books._catch_up::len(pending) >= _CATCH_UP_BATCH -> True": (
        "the same is projected, in smaller transactions"
    ),
}
