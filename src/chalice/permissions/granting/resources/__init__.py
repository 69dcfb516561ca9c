"""Which resources a call is about.

`by_service.resources` is the door: rules of services where there are any, else AWS's lists, by
`formats` and `naming`. Must not know what a call needs beside its own action.
"""
