"""What Python source says, read for a target and never run.

Knows imports, conditions, syntax, and the standard library of each version. Knows nothing of
packages: it is given text, and returns data.
"""
