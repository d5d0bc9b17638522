"""`kpos setup`: how a new till comes to know who it is, from one file or by questions.

`wishes` is what there is to say, `reading` and `complaints` make it of a file that somebody wrote
who does not know what TOML is, `asking` of answers at a `terminal` or on the `glass` (display and
keypad). `doing` carries it out, step by step, each of which may be done again; `story` is all of
it in order. Where things are is said by `places`. Everything that is said is said in two
languages (`said`), because nobody has chosen one yet. Start with `story`.
"""
