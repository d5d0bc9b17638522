"""The companion server, as tills and browsers meet it: real processes over loopback."""
