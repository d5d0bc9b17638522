"""Keeping step with a merchandise management system (WaWi): documents up, master data down.

docs/sync.md says how both agree whatever fails. Start with `backend`, the seam, and `wire`, the
messages; `engine` decides what to say next and what an answer means, on the till's thread and
without a network; `worker` says when; `http` is a backend, imported by the thread that asks.
May import the ledger and what is below it; opens no file itself.
"""
