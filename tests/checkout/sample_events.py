"""A sample of every event."""

from typing import get_args

from kpos.checkout import events
from kpos.checkout.events import Event
from kpos.domain.cart import Cart, Entry
from kpos.domain.money import Money
from kpos.domain.refusal import Refusal, RefusalCode
from tests.checkout.sample_cash import closing_of
from tests.checkout.samples import HAS_PIN, LOCKED, Samples
from tests.checkout.samples_goods import CRATE, counts, suppliers


def events_of(samples: Samples) -> list[Event]:
    unit, short = Money(samples.values.cents), Money(1)
    people = (samples.ada, samples.linus, samples.guest, samples.grace)
    refusals = [Refusal(code, "why", short) for code in get_args(RefusalCode)]
    return [
        *(events.KeyPressed(key) for key in events.KEYS),
        *_scans(samples),
        *(events.CardPresented(holder) for holder in people),
        events.CardPresented(samples.holder("1", asks_pin=True)),
        events.NumberEntered(samples.ada),
        events.NumberEntered(samples.linus),
        events.CardRefused(),
        events.CodeUnknown(samples.values.code),
        events.CodeMisread(),
        events.NumberUnknown(samples.values.typed),
        events.PinChecked(right=True, standing=HAS_PIN),
        events.PinChecked(right=False, standing=HAS_PIN),
        events.PinStands(HAS_PIN),
        events.PinStands(LOCKED),
        events.PinStored(),
        events.Posted(samples.values.receipt, unit, "21:09"),
        *(events.PostingFailed(refusal) for refusal in refusals),
        events.DiskFailed(),
        events.HoldAnswered(samples.cart.total, granted=True, balance=unit),
        events.HoldAnswered(samples.cart.total, granted=False, balance=samples.cart.total),
        events.HoldAnswered(samples.cart.total, granted=False, balance=Money(-1)),
        events.HoldAnswered(Money(-1), granted=True, balance=unit),
        events.HoldMissed(),
        events.UndoFound(None),
        events.UndoFound(samples.undoable()),
        events.UndoFound(samples.undoable(of_goods=True)),
        events.BookingsFound(()),
        events.NumbersFound((samples.offer,)),
        events.Repriced(samples.cart),
        events.Repriced(Cart((Entry(samples.levied, 1),))),
        events.Repriced(Cart(), samples.values.product),
        events.CashFound(unit),
        events.FiguresFound(None),
        events.FiguresFound(closing_of(samples)),
        events.SuppliersFound(()),
        events.SuppliersFound(suppliers(samples)),
        events.CountsFound(()),
        events.CountsFound(counts(samples)),
        events.CountsFound(counts(samples)[1:2]),
        events.CountsChanged(),
        events.TimedOut(),
        events.BooksLocked("J-09"),
    ]


def _scans(samples: Samples) -> list[Event]:
    return [
        events.ProductScanned(samples.offer),
        events.ProductScanned(samples.offer, 100),
        events.ProductScanned(samples.offer, stock=2),
        events.ProductScanned(samples.gouda),
        events.ProductScanned(samples.unpriced),
        events.ProductScanned(samples.offer, guests=samples.levied),
        events.ProductScanned(samples.weighed),
        events.ProductScanned(samples.offer, by_number=True),
        events.ProductScanned(samples.offer, 20, crate=CRATE),
    ]
