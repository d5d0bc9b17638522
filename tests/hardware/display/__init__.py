"""Displays: drivers against chips and peers that know data sheets only.

``rigs.py`` has each kind of display with its emulator (LCDd itself in ``lcdd_server.py``), so that
a test can run on all of them. Start reading at ``test_every_display.py``;
``test_stories.py`` has a till beside each of them.
"""
