"""The command line: what an admin types, and what a script relies on.

Most run in this process (`admin.py`), which is quick; `test_running_till.py` and what breaks
machines (`test_faults.py`) start real processes (`daemon.py`).
"""
