"""The real process: a till started as a user starts it, driven over pipes."""
