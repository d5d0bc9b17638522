"""Scanner and keypad at a till: what the kernel sends goes in, scans and keys come out.

``strokes.py`` presses keys, ``pipe.py`` is a device over a pipe that the real C parser of evdev
reads, ``mocked.py`` writes the files of umockdev. No file here mocks code of ours.
"""
