"""Reports: one module each, rows from the views that both the till and the server provide.

A report takes a connection and what is asked (`asked`) and gives rows and what of them is drawn
(`result`); it opens nothing, prints nothing and knows no command line. SQL here is portable: it
runs on SQLite and PostgreSQL alike, days are cut in Python. Start with `turnover`; `sold` and
`posted` have the sums that most reports are made of, `charts` draws, `plaintext` writes the books
for beancount and hledger.
"""
