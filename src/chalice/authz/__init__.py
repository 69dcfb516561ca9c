"""Who may call what: every route asked for every principal of a fixture, through the real gateway.

Knows the gateway and how a project is emulated. Must not know the terminal, and writes nothing.

    fixture.py   the file that says who the principals are, read and checked
    callers.py   what a principal sends: headers, a token for its claims, a signature
    asking.py    asks one route for one principal; no view is called
    matrix.py    the table of all of it, and the warnings that follow from it
"""
