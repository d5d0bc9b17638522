"""The two files of a till, with real SQLite in `tmp_path`; start with `test_stories`.

`kasse` is the till that most tests sell at, `story` reads the bookings told in `stories/`.
"""
