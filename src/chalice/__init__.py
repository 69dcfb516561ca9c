"""Chalice 2."""
