"""Evenings at the till, told by those who stand in front of it. Start with `test_buying`."""
