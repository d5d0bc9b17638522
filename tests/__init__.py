"""The proof: stories at the till first, then one folder per package; README.md says more."""
