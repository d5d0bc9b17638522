"""Benchmarks: figures with their method, count and a raw baseline of the same run.

`make bench` prints a table in some two minutes, ``ARGS=--json`` JSON. ``--big`` takes shops of up
to 1,000,000 documents (made in minutes; ``--keep DIR`` keeps them for the next time), ``--picture``
draws docs/growth.svg from them, ``--soak SALES`` sells for so long. Each module says how its rows
are measured; start reading at `__main__.py`.

Nothing here fails a test run by time. CPU time and counted work mean something on any machine; wall
clock only where the raw baseline is calm (its p90 at most twice its median): otherwise the row says
"noisy". What is counted is judged by tests/faults, which use `bigshop`, `growth` and `soak`.
"""
