"""A till in a virtual machine: the image as it is, in QEMU, used from outside.

``rig.py`` is the machine: start it, scan, press keys, wait for what the display shows, pull its
plug, its network, its devices. ``glass.py`` is the display, read off the machine's I2C bus by
emulated chips; ``card.py`` prepares, reads and damages the disk; ``qmp.py`` talks to QEMU. Nothing
in the image knows that it is tested; of QEMU only software emulation is used (TCG), which runs
anywhere.
"""
