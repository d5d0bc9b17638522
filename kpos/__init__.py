"""kpos: the till for places that trust their members."""

__version__ = "0.1.0"
