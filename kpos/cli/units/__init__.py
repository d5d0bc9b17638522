"""`kpos install-units`: what belongs into the system around a till, or around a companion server.

The files lie in `systemd/`, where a wheel has them beside this package's modules. `plan` says which
of them go where, and what stands in them for this kpos; `place` compares them with what is there
and writes them; `system` has systemd and udev take notice. Start with `plan`.
"""
