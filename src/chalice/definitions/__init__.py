"""API definitions from files, with Python functions behind them: what `chalice gateway` serves.

Knows how a definition is written (JSON, YAML, in a CloudFormation template) and how its functions
are named. Must not know of Chalice applications, sockets, or the rules of API Gateway.
"""
