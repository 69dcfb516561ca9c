"""`.chalice/config.json`: what may be written there, what is wrong with it, what it resolves to.

Knows the keys (`keys`, the one table), where each wins (`precedence`), and the functions of an
application by name. Must not know how anything is deployed or served, and imports neither the SDK
nor the command line: tests of applications import `Config` from here.
"""

from chalice.config.package_settings import PackageSettings
from chalice.config.public import Config
from chalice.config.settings import (
    CustomDomain,
    FunctionSettings,
    Settings,
    settings_of,
)
from chalice.rules.callers import Credential, UserPool

__all__ = [
    "Config",
    "Credential",
    "CustomDomain",
    "FunctionSettings",
    "PackageSettings",
    "Settings",
    "UserPool",
    "settings_of",
]
