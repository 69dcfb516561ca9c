"""Zips: written to the byte, read with suspicion, compressed alike on every machine.

Knows the format of zips and of compressed data. Knows nothing of projects, requirements or Lambda.
"""
