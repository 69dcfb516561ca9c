"""The real runtime: an unpacked package run by `awslambdaric` behind a Runtime API of this machine.

Knows execution environments, the Runtime API, namespaces, what Lambda writes to a function's log.
Must not know of HTTP APIs, of projects or of how a package is built. What runs in processes of its
own (`launcher`, `supervisor`, `sandbox`, `memory`, `folders`) imports the standard library only.
"""
