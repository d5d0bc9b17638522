"""Device drivers and their emulators; they know keys, pins and registers, not sales.

Here live barcode scanners, card readers and keypads behind Linux's input layer and on serial
ports, a key matrix, sounds, and readers of coins and notes. Nothing here imports the rest of the
program or reads a clock: a decoder is pure and takes the kernel's times, a driver owns one file
descriptor, and whoever runs the event loop passes the time in. A device that is gone, refused
or taken is a typed exception of ``hardware.errors`` that says what to do.

Start with ``scanner.py`` (what becomes of key presses) and ``evdev_input.py`` (how a device is
opened and read), or with ``serial_scanner.py`` and ``serial_input.py``; ``README.md``
beside this file says how a device is named and wired, and ``finding`` what is plugged in.
"""
