"""What a server decides, without any framework: many journals in, one feed out, exactly once.

Each function is given an open database (`kpos.ledger.database.Database`) in a transaction of its
caller's; `schema.found` makes the tables. Start reading at `intake` (documents come in), then
`following` and `applying` (they become balances), `merging` (what tills may change), `feed` and
`pages` (what tills are told), `homes`, `holds` and `spending` (credit over several tills). `house`
is the till's own books over this database, for whoever works at the office; `office` is its
journal. `tills` and `pairing` know the tills, `checking` distrusts all of it, `desk` is the whole
as one till sees it. Nothing here opens a database, commits, or reads a clock.
"""
