"""What calls of AWS need: actions of IAM, each with its resources.

`needs.needs` is the door. The same for calls that are read in code and calls that were recorded.
"""
