"""Nonsense to read, and a coverage-guided search for more of it (atheris, on libFuzzer).

`python -m tests.faults.fuzz TARGET --runs N --seed S` searches; `--corpus DIR` keeps what it found
for the next time; `--input HEX` runs one input, without atheris, and is what a crash prints. A
target is a module here: `one(data)` raises where an invariant is broken, SEEDS are inputs to start
from, WORDS what means something in them, and `units` the places to cut. `engine` is the process
that libFuzzer never returns from. Start reading at `scanner`.
"""
