"""What calls need beside their own action: what a service does with the rights of the caller.

`dependent.dependent` is the door. Each module knows one kind, by AWS's lists or by rules; what
comes of a value that is not known is the same for all of them, and `unknown` says it.
"""
