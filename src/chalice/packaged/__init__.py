"""A project as its package: built from what was checked, unpacked and run as Lambda runs it.

Knows projects, the steps of a build, and Lambda's runtime on this machine. Must not know the
terminal or sockets.
"""
