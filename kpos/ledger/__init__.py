"""The till's own books: two SQLite files, and nobody else opens them.

`journal.db` is precious (documents, and a few mutable tables beside them); `stammdaten.db` can
be deleted (master data and projections, rebuilt from the journal). Start with `books`, which
holds both; `booking` turns orders into documents, `office` is what an admin asks for, `schema`
has the tables, `verify` the promises. May import domain and clock, nothing else of kpos.
"""
