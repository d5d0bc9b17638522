"""Mutants that no test can kill, each with the reason: what they do is the same, or as good."""

_BARCODE = "kpos/domain/barcode.py"
_BACKUP = "kpos/ledger/backup.py"
_FILES = "kpos/ledger/files.py"
_PINS = "kpos/ledger/pins.py"
_READING = "kpos/ledger/reading.py"
_LISTS = "kpos/ledger/office/lists.py"
_ASKED_WHETHER = "it is only asked whether"
_TOLD = "of what is wrong with a line only the message is told"
_ASKED_AGAIN = "a name that is asked for again is the same"
_WITH_PRICE = "kind and value come with the price"
_HAS_A_BUYER = "who opened a menu is known"
_READS_NOTHING = "to open a file for reading reads nothing yet: what can fail is not damage"

EXPLAINED: dict[str, str] = {
    f"{_BARCODE}::::'PWQ' -> 'PWQ~'": "a pattern with a ~ is refused before",
    f"{_BARCODE}::Layout.read::'' -> '~' #2": "a pattern has at most one c: nothing to join",
    f"{_BARCODE}::Layout.read::True -> False": "both have thirteen characters",
    "kpos/domain/money.py::Money.parse::1 -> 2 #4": "two commas are no amount either way",
    f"{_BARCODE}::_upc_a::'012' -> '012~'": "only digits come here",
    "kpos/ledger/closings.py::Names.group::identifier not in self._groups -> True": _ASKED_AGAIN,
    "kpos/ledger/closings.py::Names.product::identifier not in self._products -> True": (
        _ASKED_AGAIN
    ),
    "kpos/ledger/closings.py::figures::0 -> 1 #3": "the first position is far beyond it",
    "kpos/ledger/closings.py::figures::0 -> 1 #2": "the first position is far beyond it",
    "kpos/ledger/conditions.py::::1 -> 2 #2": "before any time either way",
    "kpos/ledger/conditions.py::applicable::member is not None -> True": (
        "conditions of nobody are none: it spares looking for them"
    ),
    "kpos/ledger/office/conditions.py::_stocked::product is not None -> True": (
        "a lot is of a product that is there"
    ),
    f"{_READING}::_head::each.clock == 'ok' -> False": "whoever looks further back finds the same",
    f"{_READING}::_is_of::return False -> return None": _ASKED_WHETHER,
    f"{_READING}::_is_of::return False -> return None #2": _ASKED_WHETHER,
    f"{_READING}::_is_of::return False -> return None #3": _ASKED_WHETHER,
    "kpos/ledger/stock.py::shelf::0 -> 1": "only average costs look into the pool",
    "kpos/ledger/stock.py::shelf::0 -> 1 #2": "only average costs look into the pool",
    "kpos/ledger/moving.py::_change::0 -> 1 #4": "the first position is far beyond it",
    "kpos/ledger/goods.py::reverse::'' -> '~'": "no account begins with either",
    f"{_BACKUP}::_begin_epoch::former -> True": "what is not there cannot be read",
    "kpos/ledger/delivering.py::check_deliveries::posting.cents > 0 -> posting.cents >= 0": (
        "merged postings have none of 0.00"
    ),
    "kpos/ledger/office/delivered.py::_check_new::0 -> 1": "the first position is far beyond it",
    "kpos/ledger/office/delivered.py::_check_new::'taken' -> 'taken~'": _TOLD,
    "kpos/ledger/office/stock.py::_delivered::cost >= ZERO -> cost > ZERO": "any of 0.00 is 0.00",
    f"{_LISTS}::_claim::'id' -> 'id~'": "it only keeps ids apart from codes",
    f"{_LISTS}::_claim::'number' -> 'number~'": "it only keeps numbers apart from codes",
    f"{_LISTS}::_claim::'code' -> 'code~'": "it only keeps codes apart from ids",
    f"{_LISTS}::_claim::'taken' -> 'taken~'": _TOLD,
    f"{_LISTS}::_condition::0 -> 1 #2": _WITH_PRICE,
    f"{_LISTS}::_condition::'fixed' -> 'fixed~'": _WITH_PRICE,
    f"{_LISTS}::_condition::'invalid' -> 'invalid~'": _TOLD,
    f"{_LISTS}::_condition::'invalid' -> 'invalid~' #2": _TOLD,
    f"{_LISTS}::_member::identifier -> True": "what is no id is nobody's id",
    f"{_LISTS}::_id::'invalid' -> 'invalid~'": _TOLD,
    f"{_BARCODE}::_upc_a::7 -> 8 #2": "the seventh of them is never looked at",
    f"{_BARCODE}::_date::1 -> 2": "of day 00 only the month counts",
    f"{_BARCODE}::_date::31 -> 32": "31 or 32 days behind the first, or the second, is next month",
    "kpos/domain/member.py::Holder::0 -> 1": "attempts left are read where there is a PIN",
    "kpos/ledger/books.py::Books._catch_up::len(pending) >= _CATCH_UP_BATCH -> True": (
        "the same is projected, in smaller transactions"
    ),
    "kpos/checkout/menus.py::::'lost_card' -> 'lost_card~' #3": "all but reset_pin means it",
    "kpos/checkout/states/purchase.py::Notice::'' -> '~'": "who is given no name shows none",
    "kpos/checkout/account.py::when_pin_stored::new.author is None and login.buyer is not None"
    " -> new.author is None or login.buyer is not None": "who sets a PIN for others has one",
    "kpos/checkout/screens/notices.py::_as_printed::'0' -> '0~'": "only digits come here",
    "kpos/checkout/buying.py::when_posted::shopping.buyer is not None -> True": (
        "nothing is booked without a buyer; an assertion would close the till after the booking"
    ),
    "kpos/checkout/buying.py::when_posted::'' -> '~'": "nothing is booked without a buyer",
    "kpos/ledger/books.py::::2000 -> 2001": "the same is projected, in other transactions",
    "kpos/ledger/office/find.py::group::is_id(text) -> True": "what is no id is nobody's id",
    "kpos/checkout/layout.py::printable::text.isascii() and text.isprintable() -> False": (
        "a short cut: what has nothing to replace is found to have nothing to replace"
    ),
    "kpos/checkout/screens/moves.py::holder::buyer is not None -> True": _HAS_A_BUYER,
    "kpos/checkout/screens/moves.py::confirm::buyer is not None -> True": _HAS_A_BUYER,
    "kpos/checkout/delivering.py::_order::'' -> '~'": "the terminal writes today there",
    "kpos/checkout/buying.py::_key::'*#' -> '*#~'": "a key is one of twelve",
    f"{_BARCODE}::::'0516273849' -> '0516273849~'": "looked up by digit, and where a digit is",
    "kpos/ledger/conditions.py::put::values['personal'] and member is None -> False": (
        "a condition whose member was erased was retired as well"
    ),
    "kpos/ledger/counting.py::_body::'' -> '~'": "who approves is named by the approval",
    "kpos/ledger/journal.py::Journal.reload::self.db.execute('SELECT 1 FROM pairing').fetchone()"
    " is not None -> True": "without a row it reads none",
    "kpos/ledger/replica.py::entries_after::0 -> 1": "the first position is far beyond it",
    "kpos/domain/ids.py::::'Id' -> 'Id~'": "the name of a NewType is for type checkers",
    "kpos/ledger/office/people.py::unpack_verifier::1 -> 2": "one more is no power of two",
    "kpos/ledger/office/money.py::reverse::0 -> 1": "no line, no quantity: refused",
    "kpos/ledger/office/find.py::supplier::is_id(text) -> True": "what is no id is nobody's id",
    "kpos/ledger/office/find.py::product::is_id(text) -> True": "what is no id is nobody's id",
    "kpos/ledger/checks.py::new_id::8 -> 9": "of nine random bytes eight are taken",
    "kpos/ledger/journal.py::Journal.__init__::self.head = Head() -> pass": "reload sets it",
    f"{_BARCODE}::Layout.read::'cPWQ' -> 'cPWQ~'": "a pattern with a ~ is refused before",
    "kpos/domain/postings.py::purchase::True -> False": "whoever calls it has takes for each line",
    "kpos/domain/undoing.py::_minus::True -> False": "a reversed line has all charges of its line",
    "kpos/checkout/layout.py::::55296 -> 55297": "a surrogate has no picture either",
    "kpos/domain/document.py::_in_nfc::text.isascii() -> False": "a short cut to the same",
    f"{_BACKUP}::_epoch_followed::0 -> 1 #2": "no epoch is lower than 1",
    f"{_BACKUP}::_epoch_followed::0 -> 1 #3": "no epoch is lower than 1",
    "kpos/ledger/good_copy.py::copy_stammdaten::'S-01' -> 'S-01~'": _READS_NOTHING,
    f"{_BACKUP}::_copy::'J-01' -> 'J-01~'": _READS_NOTHING,
    f"{_BACKUP}::_readable::'J-01' -> 'J-01~'": _READS_NOTHING,
    "kpos/ledger/readonly.py::reading_journal::'J-01' -> 'J-01~'": _READS_NOTHING,
    "kpos/ledger/readonly.py::reading_as_it_is::'S-01' -> 'S-01~'": _READS_NOTHING,
    "kpos/ledger/verify.py::verify::'J-01' -> 'J-01~'": _READS_NOTHING,
    "kpos/ledger/verify.py::_compared::'S-01' -> 'S-01~'": _READS_NOTHING,
    "kpos/ledger/verify.py::_compared::'S-01' -> 'S-01~' #2": (
        "whatever fails beside the projections is S-01, a code that is none too"
    ),
    "kpos/ledger/office/find.py::member::is_id(text) -> True": "what is no id is nobody's id",
    f"{_BACKUP}::::100 -> 101": "how much memory a copy takes changes nothing in it",
    f"{_FILES}::_opened::256 -> 257": "how many statements are kept ready changes no answer",
    f"{_READING}::::50 -> 51": "one document more is checked at the start",
    f"{_READING}::::16 -> 17": "no till gets as far as a receipt number of 16 digits",
    f"{_READING}::::1 -> 2 #4": "no till gets as far as the last but one position",
    f"{_READING}::::500 -> 501": "the same documents, in other batches",
    "kpos/ledger/readonly.py::_is_in_step::return False -> return None": "as false as False",
    "kpos/ledger/readonly.py::_is_in_step::return False -> return None #2": "as false as False",
    f"{_PINS}::Pins.__init__::self._till_failed_before_ms = self._started_ms -> pass": (
        "whoever was right had begun: begin sets it"
    ),
    f"{_PINS}::Pins.begin::self._till_failed_before_ms ="
    " self._failed_ms.get(_TILL, self._started_ms) -> pass": (
        "a right PIN comes when the wait for what failed before it is over"
    ),
    f"{_PINS}::::16 -> 17": "a salt of 17 bytes is as good",
    f"{_PINS}::::32 -> 33 #2": "more memory than any PIN takes either way",
    f"{_PINS}::::1024 -> 1025": "more memory than any PIN takes either way",
    f"{_PINS}::::1024 -> 1025 #2": "more memory than any PIN takes either way",
    f"{_PINS}::Pins._row::b'' -> b'~'": "damaged and locked: nothing is checked against it",
    f"{_PINS}::Pins._row::b'' -> b'~' #2": "damaged and locked: nothing is checked against it",
}
