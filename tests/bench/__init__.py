"""Benchmarks: figures with their method, count and a raw baseline of the same run.

`make bench` prints a table; ``ARGS=--json`` prints JSON. Nothing here fails a test run by time.
CPU time and counted work mean something on any machine; wall clock only where the raw baseline
is calm (its p90 at most twice its median): otherwise the row says "noisy".
"""
