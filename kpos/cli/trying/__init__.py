"""`kpos hardware test`: somebody at a terminal is led from device to device of kpos.toml.

`session` has the order and the verdicts, `console` the terminal, `words` what is said in both
languages; one module a kind of device: `display`, `inputs` (keys, scans, cards), `sounds`, `cash`.
Nothing is booked and no file of the books is opened. A key or a code is shown on this terminal and
goes nowhere else; of a card only the ends are shown. What drivers say of a fault is English.
"""
