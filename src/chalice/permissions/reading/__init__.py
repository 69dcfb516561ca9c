"""How code is read: from the modules of a project to each call of an operation that it may make.

    files --program--> trees --engine--> what every name may be --sdk--> uses

`reader.read` is the door. The engine runs each body (`run`, `statements`, `expressions`) until
nothing more is learnt; what a name may be is a set of `values`. Must not know what IAM asks.
"""
