"""Who pays what: birthdays, happy hours, six-packs, guests, and goods that nobody priced."""

import pytest

from kpos.checkout.events import Repriced
from kpos.checkout.machine import step
from kpos.checkout.states import Idle, State
from kpos.domain import orders
from kpos.domain.cart import Cart
from kpos.domain.document import Document
from kpos.domain.money import Money
from kpos.ledger.booking import book
from tests.kiosk import CHEESE_250_G, MALT, MATE, SPEZI, Kiosk

TEA = "4260031874056"
CHEESE_LABEL, CHEESE_2_49 = "2200001000001", "2200001002494"


def condition(kiosk, cents, more=None, *, markup_bp=None, **names):
    kind, value = ("fixed", cents) if markup_bp is None else ("markup", markup_bp)
    done = kiosk.office("condition_add", kind=kind, value=value, more=more or {}, **names)
    return done["id"]


def deliver(kiosk: Kiosk, product: str, quantity: int, cents: int) -> None:
    assert kiosk.books is not None
    goods = orders.DeliveredGoods(kiosk.product(product), quantity, Money(cents))
    book(kiosk.books, orders.Deliver((goods,), "2026-11-22", "bank"))
    kiosk.till.books_changed()


def lines(document: Document) -> list[tuple[str, int, int, str]]:
    """Name, quantity, price and where it came from."""
    return [
        (line["name"], line["quantity"], line["price_cents"], line["price_from"])
        for line in document.body["lines"]
    ]


@pytest.fixture
def guests(kiosk):
    """Guests pay 1.80 for Mate, of which nobody else hears, and ten cents for the cause."""
    levy = {"levy_cents": 10, "levy_for": "donation"}
    return condition(kiosk, 180, levy, group="guests", product="Club-Mate 0,5l")


def test_a_birthday_beer_is_on_the_house_for_one_day(kiosk):
    more = {"start": "2026-11-22", "end": "2026-11-22"}
    condition(kiosk, 0, more, member="Ada", product="Vitamalz")
    kiosk.logs_in("Ada")
    kiosk.scan(MALT)
    assert kiosk.shows[0] == "Vitamalz" + " " * 24 + "    0,00"
    kiosk.type("#")
    assert lines(kiosk.documents[-1]) == [("Vitamalz", 1, 0, "personal")]
    kiosk.waits(60)
    kiosk.logs_in("Barbara")
    kiosk.scan(MALT)
    assert kiosk.shows[0].endswith("1.10")
    kiosk.type("*")
    kiosk.waits(3 * 3600)
    kiosk.logs_in("Ada")
    kiosk.scan(MALT)
    assert kiosk.shows[0].endswith("1,10")


def test_a_happy_hour_that_ends_during_a_purchase_stays_in_the_cart(kiosk):
    """It is 21:04; what is scanned after 21:05 has the usual price, what was scanned keeps its."""
    condition(kiosk, 100, {"end": "2026-11-22 21:05"}, product="Club-Mate 0,5l")
    kiosk.logs_in("Ada")
    kiosk.waits(30)
    kiosk.scan(MATE)
    assert kiosk.shows[0].endswith("1,00")
    kiosk.waits(40)
    kiosk.scan(MATE)
    assert kiosk.shows == [
        "Club-Mate 0,5l                      1,50",
        "   + Pfand                          0,15",
        "Summe 2 Artikel                     2,80",
        "# kaufen  * zurück         Rest    15,55",
    ]
    kiosk.type("#")
    assert lines(kiosk.documents[-1]) == [
        ("Club-Mate 0,5l", 1, 100, "condition"),
        ("Club-Mate 0,5l", 1, 150, "house"),
    ]


def test_what_was_cheap_at_the_first_scan_is_cheap_for_the_card_that_comes_later(kiosk):
    condition(kiosk, 100, {"end": "2026-11-22 21:05"}, product="Club-Mate 0,5l")
    kiosk.waits(55)
    kiosk.scan(MATE)
    kiosk.waits(10)
    kiosk.card("CARD-ADA")
    assert kiosk.shows[2] == "Summe 1 Artikel                     1,15"
    kiosk.type("*")
    kiosk.scan(MATE)
    assert kiosk.shows[2] == "Summe 1 Artikel                     1,65"


def test_a_price_that_an_admin_changes_counts_from_the_next_scan_on(kiosk):
    kiosk.logs_in("Ada")
    kiosk.scan(SPEZI)
    condition(kiosk, 90, product="Paulaner Spezi 0,5l")
    assert kiosk.shows[0].endswith("1,30")
    kiosk.scan(SPEZI)
    assert kiosk.shows[0].endswith("0,90")
    assert kiosk.shows[2].endswith("2,36")


def test_six_bottles_are_cheaper_from_the_sixth_on_and_nothing_else_is(kiosk):
    condition(kiosk, 120, {"min_quantity": 6}, product="Club-Mate 0,5l")
    kiosk.logs_in("Ada")
    kiosk.scan(SPEZI)
    for _ in range(5):
        kiosk.scan(MATE)
    assert kiosk.shows[2] == "Summe 6 Artikel                     9,63"
    kiosk.scan(MATE)
    assert kiosk.shows[:3] == [
        "6x Club-Mate 0,5l                   7,20",
        "   + Pfand                          0,90",
        "Summe 7 Artikel                     9,48",
    ]
    kiosk.type("*")
    assert kiosk.shows[0] == "Zurück: Club-Mate 0,5l              1,35"
    assert kiosk.shows[2] == "Summe 6 Artikel                     9,63"
    kiosk.type("99")
    kiosk.scan(MATE)
    assert kiosk.shows[0] == "Nicht im Korb: Club-Mate 0,5l     133,65"
    kiosk.scan(MATE)
    kiosk.type("#")
    assert lines(kiosk.documents[-1])[1] == ("Club-Mate 0,5l", 6, 120, "condition")


def test_an_idle_till_shows_both_prices_and_the_card_decides(kiosk, guests):
    kiosk.scan(MATE)
    assert kiosk.shows == [
        "Club-Mate 0,5l                      1,50",
        "   + Pfand                          0,15",
        "   Gäste                            1,90",
        "Karte zeigen, dann # kaufen   * zurück",
    ]
    kiosk.scan(MATE)
    assert kiosk.shows[2] == "   Gäste                            3,80"
    kiosk.scan(MALT)
    assert kiosk.shows[2] == "Summe 3 Artikel                     4,48"
    kiosk.type("*")
    kiosk.card("GUEST-1")
    assert kiosk.shows == [
        "Preise für Gäste",
        "Summe vorher                        3,30",
        "Summe 2 Artikel                     4,10",
        "# kaufen  * zurück         Rest     0,90",
    ]
    assert kiosk.sounds == ["accept"]
    kiosk.type("#")
    assert lines(kiosk.documents[-1]) == [("Club-Mate 0,5l", 2, 180, "condition")]
    assert kiosk.documents[-1].body["lines"][0]["condition"] == guests


def test_a_guest_sees_guest_prices(kiosk, guests):
    assert guests
    kiosk.card("GUEST-1")
    kiosk.scan(MATE)
    assert kiosk.shows[:3] == [
        "Club-Mate 0,5l                      1,80",
        "   + Pfand und Abgabe               0,25",
        "Summe 1 Artikel                     2,05",
    ]
    kiosk.type("13#")
    assert kiosk.shows[0].endswith("1,10")
    kiosk.type("*0#")


def test_a_card_whose_prices_are_too_high_for_its_credit_is_told_what_is_missing(kiosk):
    condition(kiosk, 300, group="guests", product="Club-Mate 0,5l")
    kiosk.type("2")
    kiosk.scan(MATE)
    kiosk.card("GUEST-1")
    assert kiosk.sounds == ["refuse"]
    assert kiosk.shows[:3] == [
        "Das Guthaben reicht nicht",
        "Es fehlen                           1,30",
        "Summe 2 Artikel                     6,30",
    ]


def test_short_numbers_are_listed_at_the_prices_of_who_looks(kiosk, guests):
    assert guests
    for card, shown in (("CARD-ADA", "1,50"), ("GUEST-1", "1,80")):
        kiosk.card(card)
        kiosk.type("0#4")
        assert kiosk.shows[0] == f"   12 Club-Mate 0,5l                {shown}"
        kiosk.type("**")
        kiosk.waits(3)


def test_goods_are_priced_by_what_the_next_one_cost(kiosk):
    condition(kiosk, 0, markup_bp=2500)
    kiosk.office("product_add", name="Tee", barcodes=[TEA])
    kiosk.scan(TEA)
    assert kiosk.shows[:2] == [
        "Noch ohne Preis: Tee",
        "Nicht im Korb. Bitte dem Admin sagen",
    ]
    assert kiosk.sounds == ["refuse"]
    deliver(kiosk, "Tee", 2, 160)
    deliver(kiosk, "Tee", 2, 240)
    kiosk.waits(10)
    kiosk.logs_in("Ada")
    kiosk.scan(TEA)
    kiosk.scan(TEA)
    kiosk.type("#")
    # The group's own default, nothing on top, goes before that of the house.
    assert kiosk.documents[-1].body["lines"][0]["price_cents"] == 80
    kiosk.waits(10)
    kiosk.logs_in("Ada")
    kiosk.scan(TEA)
    assert kiosk.shows[0].endswith("1,20")


def test_what_a_buyer_cannot_have_leaves_the_cart_when_the_card_comes(kiosk):
    """Only members have a price for it."""
    kiosk.office("product_add", name="Tee", barcodes=[TEA])
    condition(kiosk, 80, group="members", product="Tee")
    kiosk.scan(MALT)
    kiosk.scan(TEA)
    kiosk.card("GUEST-1")
    assert kiosk.shows[0] == "Noch ohne Preis: Tee"
    assert kiosk.shows[2] == "Summe 1 Artikel                     1,18"
    assert kiosk.sounds == ["refuse"]


def test_a_label_of_the_scale_has_the_last_word_on_its_price(kiosk):
    """A price printed on it stays; a weight is priced like anything else."""
    kiosk.office("setting_set", key="in_store_layouts", value="28IIIIcWWWWWC 22IIIIIPPPPPC")
    kiosk.office("barcode_add", product="Gouda", code=CHEESE_LABEL)
    condition(kiosk, 1000, product="Gouda")
    kiosk.scan(CHEESE_2_49)
    assert kiosk.shows[0] == "Gouda                               2,49"
    kiosk.scan(CHEESE_250_G)
    assert kiosk.shows[0] == "0,250 kg Gouda                      2,50"
    condition(kiosk, 800, member="Ada", product="Gouda")
    kiosk.card("CARD-ADA")
    assert kiosk.shows[:2] == ["Preise für Ada", "Summe vorher                        4,99"]
    kiosk.type("#")
    assert lines(kiosk.documents[-1]) == [
        ("Gouda", 1, 249, "label"),
        ("Gouda", 250, 800, "personal"),
    ]


def test_empties_come_back_whatever_the_bottle_costs_now(kiosk):
    kiosk.logs_in("Ada")
    kiosk.scan(MATE)
    kiosk.type("#")
    kiosk.office("product_set", product="Club-Mate 0,5l", changes={"price_cents": None})
    kiosk.waits(10)
    kiosk.logs_in("Ada")
    kiosk.type("0#3")
    kiosk.scan(MATE)
    kiosk.type("#")
    assert kiosk.documents[-1].kind == "deposit_return"


def test_prices_that_come_when_nobody_waits_for_them_are_nobodys():
    assert step(State(Idle()), Repriced(Cart())) == (State(Idle()), ())
