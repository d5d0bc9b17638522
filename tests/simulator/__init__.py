"""Many tills and a server in one process, with virtual time, a network that fails, and disasters.

One seed draws everything. `python -m tests.simulator --seed N [--seeds M]` runs it.
"""
