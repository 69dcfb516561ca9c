"""Which resources a call is about.

`by_service.resources` is the door: rules of services where there are any, else AWS's lists, by
`by_list`. Must not know what a call needs beside its own action.
"""
