"""The units: judged by systemd's own tools, and run by a systemd of their own (`booted`).

That one is started in namespaces over a copy of this system's files, so that it changes nothing
here; it needs root, and a kernel that lets it. `udev` and the network stay out of it.
"""
