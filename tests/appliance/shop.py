"""A card for a till that sells at once: books, kpos.toml, the rules of its devices, an ssh key."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vm.card import Card
from vm.rig import CONSOLE, KPOS_TOML, RULES, make_key

IDLE: Final = "Nummer+#   0# Menü"
# Of the user and the group in the image.
KPOS, KPOS_ADMIN = 600, 601
MIB: Final = 1 << 20
# Of a card that is larger than the image.
SPARE: Final = 256 * MIB


@dataclass(frozen=True)
class Shop:
    """A card nobody has started yet, and the key of its admin."""

    card: Card
    key: Path

    def copy(self, path: Path) -> Card:
        """The card once more, to be used up."""
        return self.card.copy(path)


def open_shop(image: Path, folder: Path) -> Shop:
    """Write an image to a card, and put onto it what a till has after its first day."""
    data = folder / "data"
    key, public = make_key(folder)
    for name in ("kpos", "etc", "ssh", "backups"):
        (data / name).mkdir(parents=True)
    init = [sys.executable, "-m", "kpos", "init", "--demo", "--data", str(data / "kpos")]
    subprocess.run(init, check=True, capture_output=True)
    (data / "etc/kpos.toml").write_text(KPOS_TOML)
    (data / "etc/90-house.rules").write_text(RULES)
    (data / "ssh/authorized_keys").write_text(public)
    (data / "ssh").chmod(0o700)
    (data / "setup-finished").touch()
    for path in [data / "kpos", *(data / "kpos").rglob("*")]:
        os.chown(path, KPOS, KPOS_ADMIN if path.is_dir() else KPOS)
    card = Card.write(image, folder / "card.img", grown_by=SPARE)
    card.put_data(data)
    card.put_boot_file("kpos-boot.cfg", CONSOLE)
    # The first start puts it away.
    card.remove_boot_file("kpos-setup.toml")
    return Shop(card, key)
