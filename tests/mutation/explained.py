"""Mutants that no test can kill, each with the reason: what they do is the same, or as good."""

EXPLAINED: dict[str, str] = {}
