"""Many tills and a server in one process, with virtual time, a network that fails, and disasters.

One seed draws everything. `python -m tests.simulator --seed N [--seeds M]` runs it; with `--jobs J`
so many are played at a time, to the same end; `--statistics` says in how many seeds what happened.
Start reading at `world`, the evening; `judge` and `rows` say what must hold, `swarm` what a seed
decides, `situations` what is counted.
"""
