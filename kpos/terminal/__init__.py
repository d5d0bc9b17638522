"""The imperative shell: event loop, effects, front ends, and whatever else touches the world.

`till` is the heart (events in, frames and sounds out), `run` the composition root that reads
like a table of contents, `loop` the one thread everything happens in. `resolve` turns what was
scanned into events; `perform` carries effects out; `tty`, `jsonl` and `devices` are the front
ends. Slow things (PIN hashing, copies) live in `workers` and answer with an event.
"""
