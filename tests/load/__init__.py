"""Many tills at one companion server: `python -m tests.load` plays them, over loopback HTTP.

`kpos wawi serve` runs in a process of its own, on SQLite or (``--postgres``) on a PostgreSQL of
its own. A founder brings a catalogue along, a real till is told of it and books a week, and that
week is signed anew for as many tills as are wanted: real documents, without the time that it takes
to book them. Then all tills at a rush, tills that were offline for a week and come back at once,
and as many documents as are wanted; at last the books of server and tills must agree.

`--tills 30 --products 1000 --documents 20000` is done in a minute or two; as it stands, with
100,000 products and 1,000,000 documents, it takes the better part of an hour of one processor.

CPU is that of the server's process alone: it means something on any machine. Wall-clock figures
are those of this machine, on which the tills run as well, and are reported, never judged. An answer
that means anything but "later" ends the run; how often tills were sent away for later is said.
"""
