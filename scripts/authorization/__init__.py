"""Data of `chalice.permissions`, written from what AWS publishes."""
