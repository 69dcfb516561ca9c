"""Which files of a project ship: the walk through its folder, what is secret, what is litter.

Knows folders, links and patterns. Knows nothing of requirements and archives: what comes out is a
list of paths with their hashes.
"""
