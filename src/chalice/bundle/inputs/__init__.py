"""What a project says that it requires, read from its files, with the line of each requirement.

Knows requirements files, `pyproject.toml` and which lock file wins. Asks neither uv nor pip, and
fetches nothing.
"""
