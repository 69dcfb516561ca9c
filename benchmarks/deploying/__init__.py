"""What a deploy takes, beside what it cannot do without: the build and the stack operation.

operation.py   the operation alone, by botocore: archive uploaded, change set made and executed
__main__.py    `chalice deploy` and `chalice package` + the operation, in turns
"""
