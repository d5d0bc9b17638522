"""The kiosk's shop as the model knows it: what things cost, which code is what, who may what."""

from collections import Counter

from tests.kiosk import BARCODES, CHEESE_250_G, MEMBERS, PRODUCTS

GUEST = "GUEST-1"
PRICE: dict[str, int] = {product["name"]: product["price_cents"] for product in PRODUCTS}
DEPOSIT: dict[str, int] = {product["name"]: product.get("deposit_cents", 0) for product in PRODUCTS}
WEIGHED = {product["name"] for product in PRODUCTS if product.get("unit") == "kg"}
# What a code sells: a piece, or grams.
CODES = {code: (name, 1) for name, code in BARCODES.items()} | {CHEESE_250_G: ("Gouda", 250)}
MISREAD = ("4029764001806", "\x1b", "X" * 200)
UNKNOWN = ("NOBODY", "4006381333931")
GOODS_NUMBERS = {str(each["number"]): each["name"] for each in PRODUCTS if "number" in each}
MEMBER_NUMBERS = {str(each["number"]): each["name"] for each in MEMBERS if "number" in each}
ASKS_PIN = {each["name"] for each in MEMBERS if "asks_pin" in each}
TRUSTED = {each["name"] for each in MEMBERS if each.get("role") in {"trusted", "admin"}}
ADMINS = {each["name"] for each in MEMBERS if each.get("role") == "admin"}


def price_of(product: str, quantity: int) -> int:
    """Without its deposit; half a cent of a weighed piece is rounded up."""
    if product in WEIGHED:
        return (2 * PRICE[product] * quantity + 1000) // 2000
    return PRICE[product] * quantity


def worth(product: str, quantity: int) -> int:
    """With its deposit."""
    return price_of(product, quantity) + DEPOSIT[product] * quantity


def units_of(bottles: dict[str, int]) -> Counter[int]:
    """Deposit units by their value in cents."""
    units: Counter[int] = Counter()
    for product, quantity in bottles.items():
        units[DEPOSIT[product]] += quantity
    return units
