"""Values and rules of the till: what is true without a disk, a clock or a display.

Standard library only; no I/O, no clock, no randomness: time, ids and salts are arguments.
Start with `money` (cents and the one rounding rule), then `document` (what is hashed) and
`postings` (what each kind of document books; the story behind it is told in the tests).
Everything here is a frozen value or a function of values, so every other room may import it.
"""
