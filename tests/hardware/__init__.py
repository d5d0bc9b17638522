"""Scanner and keypad at a till: what the kernel sends goes in, scans and keys come out.

``strokes.py`` presses keys, ``pipe.py`` is a device over a pipe that the real C parser of evdev
reads, ``mocked.py`` writes the files of umockdev. ``ptys.py`` is a serial device on a pty,
``cash_devices.py`` are readers of coins and notes on a line that spoils what it can, and
``mcp23017.py`` is that chip with the keys that connect its pins. No file here mocks code of ours.
"""
