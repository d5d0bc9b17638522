"""Pictures of a report's chart: SVG for a browser or a printed page, bars for a terminal.

Both take a `kpos.reports.result.Chart` and give text; neither needs anything but the standard
library. The SVG has no script and fetches nothing. Start with `svg`, where both kinds of charts
are put together; `axis` finds the round numbers.
"""
