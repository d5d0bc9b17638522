"""How many small faults in domain, checkout and ledger the tests would notice."""
