"""The companion server."""
