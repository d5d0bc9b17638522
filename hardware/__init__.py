"""Device drivers and their emulators; they know keys, pins and registers, not sales.

Here live a barcode scanner and a keypad behind Linux's input layer. Nothing here imports the rest
of the program or reads a clock: a decoder is pure and takes the kernel's times, a driver owns one
file descriptor, and whoever runs the event loop passes the time in. A device that is gone, refused
or taken is a typed exception of ``hardware.errors`` that says what to do.

Start with ``scanner.py`` (what becomes of key presses) and ``evdev_input.py`` (how a device is
opened and read); ``README.md`` beside this file has the udev rule and how a device is named.
"""
