"""An API Gateway on a socket of this machine: HTTP in, `Gateway.exchange` within, HTTP out.

Knows sockets, processes, signals and files that change. Must not know the rules of API Gateway
(they are the gateway's) nor how a project is read (that is `project`). From the client inwards:
`front` (HTTP), `wire` and `hosts` (what is admitted and how it is framed), `reloading` or `single`
(what is live), `environment` (one process, seen from here), `worker` and `nursery` (the process).
"""
