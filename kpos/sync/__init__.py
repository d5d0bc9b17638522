"""Keeping step with a merchandise management system (WaWi): documents up, master data down."""
