"""What the samples are made of: an evening, and the worst that the books allow."""

from dataclasses import dataclass

from kpos.domain.cart import SCANS_MAX
from kpos.domain.money import CENTS_MAX


@dataclass(frozen=True)
class Values:
    """What names, amounts and numbers are made of."""

    name: str = "Ada"
    product: str = "Club-Mate 0,5l"
    cents: int = 150
    credit: int = 1835
    quantity: int = 2
    scans: int = 1
    typed: str = "1"
    receipt: str = "K1-000042"
    code: str = "CARD-NEW"


ORDINARY = Values()
# As long as the books allow: names of 200 letters, amounts of one document, a receipt of years.
WORST = Values(
    name="Donaudampfschifffahrtsgesellschaftskapitaensmuetze " * 4,
    product="Landliebe Sahnejoghurt auf Erdbeeren mit weniger Zucker " * 4,
    cents=CENTS_MAX,
    credit=20 * CENTS_MAX,
    quantity=99,
    scans=SCANS_MAX,
    typed="98765432109876543210",
    receipt="K9AB-9876543",
    code="X" * 128,
)
