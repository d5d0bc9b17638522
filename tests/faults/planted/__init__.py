"""Bugs planted on purpose, to see the suite catch them: `python -m tests.faults.planted`.

Each `NN-name.patch` is one plausible mistake, as a unified diff. What stands above the diff says
what is wrong, and behind `Caught by:` which test must notice, the quickest that does, or how many
seeds of the simulator; it would be there without the patch. `bugs.py` reads and tries them,
`__main__.py` is the command.
"""
