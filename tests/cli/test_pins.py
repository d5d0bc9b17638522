"""PINs at the command line: from standard input, checked for the role, nowhere to be read."""

import pytest

from kpos.clock import SystemClock
from kpos.ledger.books import Books
from kpos.ledger.files import Folder
from kpos.ledger.office import find


def matches(admin, member: str, pin: str) -> bool:
    books = Books(Folder(admin.data), SystemClock())
    try:
        verifier = books.pins.begin(find.member(books.current(), member).id)
        return verifier is not None and verifier.matches(pin)
    finally:
        books.close()


def test_a_pin_comes_from_standard_input(admin):
    admin.does("member", "add", "--name", "Bo", "--pin", "-", stdin="2718\n")
    assert matches(admin, "Bo", "2718")
    assert not matches(admin, "Bo", "2719")


def test_a_forgotten_pin_is_set_anew_or_taken_away(admin):
    admin.does("member", "set", "Ada", "--pin", "-", stdin="3141\n")
    assert matches(admin, "Ada", "3141")
    admin.does("member", "set", "Ada", "--no-pin")
    assert not matches(admin, "Ada", "3141")


def test_a_pin_as_an_argument_is_wrong_usage(admin):
    said = admin.misused("member", "set", "Ada", "--pin", "1234")
    assert "write --pin -" in said
    assert "1234" not in said


@pytest.mark.parametrize("typed", ["", "123", "12a4", "123456789", "１２３４"])
def test_what_is_no_pin_is_refused_and_not_repeated(admin, typed):
    said = admin.refused("member", "set", "Ada", "--pin", "-", stdin=f"{typed}\n")
    assert said == "a PIN has 4 to 8 digits; this one is not set"


def test_a_trusted_person_needs_a_longer_pin(admin):
    trusted = ("member", "add", "--name", "Bo", "--role", "trusted", "--pin", "-")
    assert "6 to 8 digits" in admin.refused(*trusted, stdin="2718\n")
    promoted = ("member", "set", "Ada", "--role", "admin", "--pin", "-")
    assert "6 to 8 digits" in admin.refused(*promoted, stdin="2718\n")
    assert admin.reads("member", "show", "Ada")["role"] == "member"
    admin.does(*promoted, stdin="271828\n")
    assert "6 to 8 digits" in admin.refused("member", "set", "Ada", "--pin", "-", stdin="2718\n")


def test_no_pin_is_in_the_files_or_on_the_screen(admin):
    admin.does("member", "set", "Ada", "--pin", "-", stdin="92653589\n")
    said = admin.does("member", "list", "--json") + admin.does("journal", "--json")
    stored = b"".join(path.read_bytes() for path in admin.data.iterdir() if path.is_file())
    assert "92653589" not in said
    assert b"92653589" not in stored
