"""How tills and a WaWi keep step: evenings of two tills, and what can go wrong between them."""
