"""Cards and labels on paper: drawn, printed as dots, and read by a scanner's decoder."""
