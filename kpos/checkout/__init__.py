"""The functional core of the till: `step(state, event) -> (state, effects)`.

It knows no device, no database and no clock and imports only the domain. Start with `states`
(everything the till can be doing), then `machine` (which room answers), then `buying`, the
dialogue everybody uses. One file per dialogue holds all its transitions; `screens` draws the
picture of a state, `layout` keeps it at 4 lines of 40 columns.
"""
