"""How the image is made: the program, a slot, a disk of two slots.

``program.py`` puts kpos and what it needs into a folder; ``slot.py`` makes a Debian with it, by
mmdebstrap, and packs it into a squashfs; ``customise.py`` is what happens inside, called by
mmdebstrap; ``contents.py`` says what is in there under which licences; ``disk.py`` puts slots,
boot loader and data partition together. Nothing needs loop devices. Start at ``../build.py``.
"""
