"""Whether a package that has been written would run on its target.

Knows what is in the archives, which modules import which, what shared libraries ask for, and what
Lambda's images hold. Reads and compares; executes nothing, imports nothing, changes nothing.
"""
