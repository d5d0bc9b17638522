"""`python -m kpos` is the same as `kpos`."""

from kpos.cli import main

main()
