"""The texts of the till in its languages; English is what stands in the code."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping
from pathlib import Path

import kpos.checkout
from kpos.domain.member import Language

Texts = Mapping[Language, Callable[[str], str]]


def load_texts() -> Texts:
    """Both languages.

    Raises:
        OSError: if the German catalogue is missing: the installation is not whole.
    """
    catalogue = Path(kpos.checkout.__file__).parent / "locale/de/LC_MESSAGES/kpos.mo"
    with catalogue.open("rb") as file:
        german = gettext.GNUTranslations(file)
    return {"de": german.gettext, "en": str}
