"""An AWS on loopback to deploy to without an account: MiniStack, installed and run.

Knows how it is installed, started, found again and stopped. Must not know what is deployed to it:
who deploys sees an endpoint. It is a test double: `docs/deploying.md` lists where it differs.
"""

from chalice.sandbox.running import Sandbox, find, start, stop

__all__ = ["Sandbox", "find", "start", "stop"]
