"""Reports, each on a connection or on documents of its own."""
