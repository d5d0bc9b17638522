"""The till attacked: killed, cut from power, given failing disks, damaged files and nonsense to read.

Each test counts its cases; ``--proof`` of the whole suite says how many (tests/conftest.py).
`make proof` runs what a change must pass, `make proof ARGS='--proof=long'` what a night has room for.
Start reading at `evening.py`, what people do at the attacked till, and `audit.py`, what must hold
afterwards, whatever happened.
"""
