"""What the Makefile runs: `python -m scripts.check`, `.test`, `.docs`, and `bootstrap.sh`.

`python -m scripts.authorization` writes the data of `chalice.permissions`.
"""
