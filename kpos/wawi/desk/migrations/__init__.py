"""One step per version of the core's tables: the core makes them, since it reads them."""
