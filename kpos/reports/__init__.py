"""Reports: one module each, rows from the views that both the till and the server provide.

A report takes a connection (or documents) and gives plain rows; it opens nothing, prints nothing
and knows no command line. SQL here is portable: it runs on SQLite and PostgreSQL alike. Start
with `balances`; `plaintext` writes the books for beancount and hledger.
"""
