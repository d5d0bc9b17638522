"""The picture in the README shows what a till shows."""

from tests.picture import PICTURE, draw, frames


def test_the_picture_is_what_a_till_shows_today():
    assert PICTURE.read_text(encoding="utf-8") == draw(*frames()), "make picture"
