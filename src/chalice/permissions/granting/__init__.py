"""What calls of AWS need: actions of IAM, each with its resources.

`needs.needs` is the door. The same for calls that are read in code and calls that were recorded.
`resources` knows what a call is about, `besides` what it needs beside its own action, `s3` both for
S3; they look into the parameters by `places` and write ARNs by `arns`.
"""
