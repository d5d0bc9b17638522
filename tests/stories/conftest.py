"""The till all stories happen at."""

from tests.kiosk import kiosk, shop

__all__ = ["kiosk", "shop"]
