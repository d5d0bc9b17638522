"""The office's desk: what people see and change in the browser, by Django's own admin.

`models` are windows over the core's tables, `pages` has a module per group of pages. Nothing is
written through a model: every change goes to `kpos.ledger.office` and becomes a document.
"""
