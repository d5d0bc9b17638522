"""The front ends for people: terminals that are real (tmux, ptys), devices over pipes.

`tmux.py` is somebody at a terminal who reads the screen, `kiosk.py` a till with scanner and keypad.
Nothing sleeps: both wait for output or for the loop, and give up after a while.
"""
