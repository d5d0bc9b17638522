"""Values and rules of the till, one file per module of `kpos.domain`."""
