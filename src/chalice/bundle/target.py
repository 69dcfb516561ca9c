"""What a package is built for: an interpreter on a processor in one of Lambda's images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Architecture = Literal["x86_64", "arm64"]

# The glibc of the images that functions run in: Amazon Linux 2 to Python 3.11, Amazon Linux 2023
# from 3.12 on. Source: Lambda developer guide, "Lambda runtimes", column "Operating system"; the
# versions of glibc are those of the two distributions.
_AMAZON_LINUX_2 = (2, 26)
_AMAZON_LINUX_2023 = (2, 34)
_FIRST_ON_AMAZON_LINUX_2023 = (3, 12)


def this_architecture() -> Architecture:
    """Return the processor of this machine, as Lambda spells it."""
    import platform  # noqa: PLC0415 - a build does without

    return "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a package is to run.

    Attributes:
        python: the interpreter's minor version, `(3, 13)`.
        architecture: the processor, as Lambda spells it.
    """

    python: tuple[int, int]
    architecture: Architecture = "x86_64"

    @property
    def runtime(self) -> str:
        """The runtime's name on Lambda, `python3.13`."""
        return f"python{self.python[0]}.{self.python[1]}"

    @property
    def machine(self) -> Literal["x86_64", "aarch64"]:
        """The processor as wheels and ELF files spell it."""
        return "aarch64" if self.architecture == "arm64" else "x86_64"

    @property
    def glibc(self) -> tuple[int, int]:
        """The newest glibc that may be asked for."""
        new = self.python >= _FIRST_ON_AMAZON_LINUX_2023
        return _AMAZON_LINUX_2023 if new else _AMAZON_LINUX_2

    @property
    def markers(self) -> dict[str, str]:
        """The variables of requirements' markers; of the patch release nobody knows, it is 0.

        Source: packaging's specification "Dependency specifiers", "Environment markers".
        """
        minor = f"{self.python[0]}.{self.python[1]}"
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{minor}.0",
            "os_name": "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Linux",
            "platform_version": "",
            "python_full_version": f"{minor}.0",
            "python_version": minor,
            "sys_platform": "linux",
        }

    def __str__(self) -> str:
        return f"{self.runtime} on {self.architecture}"
