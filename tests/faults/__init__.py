"""The till attacked: killed, cut from power, given failing disks, damaged files and nonsense.

Each test counts its cases; ``--proof`` says how many there are (tests/conftest.py). `make proof`
runs what a change must pass, `make proof ARGS=--proof=long` what a night has room for. Start
reading at `evening.py`, what people do at the attacked till, and at `audit.py`, what must hold
afterwards, whatever happened.
"""
