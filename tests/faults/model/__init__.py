"""A till against a plain model of it: whatever people do, both must say the same.

The model is dictionaries of integers, without SQLite or anything of the ledger: `books.py` and
`pins.py` are what is known, `session.py` and `counter.py` what stands on the display. `pair.py`
does each thing to a real till and to the model and compares them; what is done behind the menu is
in `errands.py`. `test_model.py` has hypothesis search for the shortest evening they disagree about,
`test_differential.py` goes through a million inputs.
"""

import pytest

# Where they disagree the figures of both are shown, though these are no test modules.
pytest.register_assert_rewrite("tests.faults.model.pair", "tests.faults.model.errands")
