"""What a deploy takes, beside what it cannot do without: the build and the stack operation.

operation.py   the stack operation alone: a change set made, executed and followed, by botocore
__main__.py    `chalice deploy` and `chalice package` + the operation, in turns
"""
