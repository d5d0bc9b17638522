"""Paper: cards and shelf labels, from rows to a sheet of SVG or PDF.

Pure: nothing here reads a database, a clock or a file. `cards` and `labels` draw one piece each
from a row; `sheets` lays pieces out on pages of A4; `svg` and `pdf` write pages. Between them
stands a `Drawing` (`drawing.py`): rectangles and texts, in millimetres from the top left. The bars
come from `symbols`, the widths of letters from `letters`. Start with `labels`.
"""
