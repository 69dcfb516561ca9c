"""Files of a project and of its wheels become archives.

Knows what of a wheel ships and where, which of two files keeps a name, and how bytecode is made.
Knows neither where wheels come from nor whether the result would run: that is `inspection`.
"""
