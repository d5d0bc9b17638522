"""Its core, with real SQLite and a real PostgreSQL.

`haus` is a house with tills; start with `test_day`.
"""
