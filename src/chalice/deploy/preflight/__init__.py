"""What AWS would refuse in the middle of an update, found before a change set exists.

Knows the template as it is about to be sent, the one that is deployed, the archives, and what an
account can be asked for. It reads only: nothing is made or changed. What an application or a
configuration has wrong by itself is checked where they are read; here is what shows only when
templates are merged, the package is written, and the account is known.
"""
