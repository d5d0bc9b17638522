"""What is plugged in: each device by its lasting name, what it may be, and who may use it.

Nothing here changes anything. The kernel's own lists under /sys and /dev are read, LCDd is asked
for its size, and an I2C bus is read from only where that is harmless (``i2c.py`` says where). What
a keyboard or a serial port is used for cannot be seen: ``guesses.py`` guesses by maker and name,
and a ``Found`` says so. Start with ``machine.py``, which lists everything.
"""
