"""Character displays: pictures of text in, as few bytes as possible out.

``writer.py`` is what a program talks to: a thread, the latest picture wins, a display that is gone
comes back by itself. Below it ``screen.py`` turns lines into differences (``reflow.py`` for small
displays, ``glyphs.py`` for characters, ``framebuffer.py`` for what changed) and hands them to a
``Bus`` (``bus.py``), of which there are many: two HD44780 controllers (``hd44780.py``) behind an
I2C expander or GPIO pins, driven by RPLCD (``rplcd_i2c.py``, ``rplcd_gpio.py``) or packed
(``packed.py``); a serial display (``matrix_orbital.py``); LCDproc's server (``lcdd.py``).
``opening.py`` makes one from two words of a configuration. Nothing here reads a clock or knows what
the text means. ``emulated`` has the same chips in software; ``README.md`` the wiring.
"""
