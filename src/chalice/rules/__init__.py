"""Rules of API Gateway that both ends of a definition need: who writes it and who serves it.

Numbers, names and small languages, each in one place, and what is known of callers. By them
`model`, `config` and `openapi` refuse what could not be deployed, and `gateway` what could not be
served. Must not know of applications, definitions or requests.
"""
