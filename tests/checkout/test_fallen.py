"""The picture of a till whose program does not run."""

import pytest

from kpos.checkout.screens.fallen import WHYS, fallen
from kpos.terminal.texts import load_texts


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("word", ["", "from the future", *WHYS])
def test_every_word_is_a_picture_of_four_lines(language, word):
    frame = fallen(word, load_texts()[language])
    assert [len(line) for line in frame] == [40] * 4
    assert all(line.strip() for line in frame)
