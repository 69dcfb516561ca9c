"""The command line: arguments -> one call -> a view.

Knows click, and how to load a command only when it runs. Only `console.py` writes; data goes to
stdout, talk to stderr. `chalice --help` must stay fast: nothing here imports a tool, a model or an
HTTP library at the top of a module that `main.py` imports.
"""
