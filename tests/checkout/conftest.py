"""The till the properties are tried at."""

from tests.kiosk import kiosk, shop

__all__ = ["kiosk", "shop"]
