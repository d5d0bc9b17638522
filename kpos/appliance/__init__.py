"""The till as a device: a disk with two slots, one of which runs, and how the other one is renewed.

`slots` knows the partitions, `grubenv` the one sector that says which slot is started, `device` how
both are written. `install` is the update itself: read it first. What may be installed says
`admission`, by the `manifest` of a `bundle` and its signature (`signing`); what became of it is
written down by `record`, and `trial` judges the new slot. `pack` makes update files. All of it
stands on the ledger, of whose files it asks the version; nothing a till sells with imports it.
"""
