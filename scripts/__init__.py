"""What the Makefile runs: `python -m scripts.check`, `.test`, `.docs`, and `bootstrap.sh`."""
