"""Who stands at the till, and which PINs they may have."""

import pytest

from kpos.domain.ids import Id
from kpos.domain.member import pin_fault
from kpos.domain.values import replace
from tests.domain.shelf import ADA


@pytest.mark.parametrize(
    ("pin", "role", "good"),
    [
        ("1234", "member", True),
        ("12345678", "member", True),
        ("123", "member", False),
        ("123456789", "member", False),
        ("12 4", "member", False),
        ("٣٤٥٦", "member", False),
        ("", "member", False),
        ("1234", "trusted", False),
        ("123456", "trusted", True),
        ("12345", "admin", False),
    ],
)
def test_a_pin_has_four_to_eight_digits_and_six_for_those_who_move_other_peoples_money(
    pin, role, good
):
    assert (pin_fault(pin, role) is None) is good


def test_the_attempts_of_a_member_are_counted_for_the_member_those_of_a_guest_for_the_wallet():
    assert ADA.pin_subject == ADA.member
    assert replace(ADA, member=None).pin_subject == ADA.wallet


def test_who_is_more_than_a_member_is_trusted():
    assert not ADA.is_trusted
    assert replace(ADA, role="trusted").is_trusted
    assert replace(ADA, role="admin", card=Id("0" * 16)).is_trusted
