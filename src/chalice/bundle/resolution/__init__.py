"""Requirements become wheels that run on the target.

Knows what uv and pip are asked, how they answer, and what to say where there is no answer; lock
files, and building from source. Nothing here reads what is inside of a wheel but its metadata.
"""
