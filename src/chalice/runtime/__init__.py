"""The framework that ships to Lambda: standard library only, nothing that a request does not use.

Knows events and contexts as Lambda hands them over. Must not know of tools, configuration or
sockets, and imports at start neither `typing`, `inspect`, `dataclasses` nor `urllib.parse`.
"""
