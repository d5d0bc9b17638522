"""The machine as such: every event in every state, every picture, and evenings at random."""
