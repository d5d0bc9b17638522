"""Displays in software, at the level of chips and bytes: they know data sheets, not our drivers.

``hd44780.py`` is a controller behind its pins; ``module.py`` puts one or two behind a glass and
draws it (``svg.py``); ``expanders.py`` and ``i2c.py`` are what an I2C adapter finds, ``gpio.py``
and ``pigpiod.py`` what a Raspberry Pi has; ``matrix_orbital.py`` is a serial display on a pty. What
a chip would not forgive is kept in ``faults``: a test that wants to know looks there.
"""
