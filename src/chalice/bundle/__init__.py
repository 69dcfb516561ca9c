"""The package: exactly what runs on Lambda, the same bytes wherever it is built.

Knows requirements, wheels, archives, and what Lambda's images hold. Knows neither the terminal nor
AWS, nor the application object: it reads files, never imports them. Subprocesses (uv, pip, an
interpreter of the target) do what has to run; what decides is pure.
"""
