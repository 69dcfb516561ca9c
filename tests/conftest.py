from __future__ import annotations

from hypothesis import HealthCheck, settings

# Properties are about results: how long an example takes says how busy the machine is.
settings.register_profile("chalice", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("chalice")
