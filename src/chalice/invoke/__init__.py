"""Lambda without Lambda: functions are invoked as the Python runtime invokes them.

Knows the runtime's contract: events and results as JSON, the context object, the error types, the
limits. Must not know of HTTP, of API definitions or of sockets. `InProcess` runs a function in the
calling thread; `Crew` lends it threads where many run at once.
"""
