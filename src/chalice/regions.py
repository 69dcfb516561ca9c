"""Regions of AWS, and where an application is that nobody placed anywhere."""

from __future__ import annotations

# Where nothing says otherwise: the account of AWS's own examples and the SDKs' first region.
DEFAULT_REGION = "us-east-1"
DEFAULT_ACCOUNT_ID = "123456789012"

# Prefixes of regions outside the `aws` partition.
# Source: the AWS SDK's `partitions.json`, "regionRegex" of each partition.
_PARTITIONS = {
    "cn-": "aws-cn",
    "eu-isoe-": "aws-iso-e",
    "eusc-": "aws-eusc",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "us-isof-": "aws-iso-f",
}

# Where the domains of AWS end; everywhere else it is `amazonaws.com`.
# Source: the AWS SDK's `partitions.json`, "dnsSuffix" of each partition.
_DNS_SUFFIXES = {
    "aws-cn": "amazonaws.com.cn",
    "aws-eusc": "amazonaws.eu",
    "aws-iso": "c2s.ic.gov",
    "aws-iso-b": "sc2s.sgov.gov",
    "aws-iso-e": "cloud.adc-e.uk",
    "aws-iso-f": "csp.hci.ic.gov",
}


def partition_of(region: str) -> str:
    """Return the partition of a region, `aws` for most.

    >>> partition_of("eu-central-1"), partition_of("cn-north-1")
    ('aws', 'aws-cn')
    """
    found = (name for prefix, name in _PARTITIONS.items() if region.startswith(prefix))
    return next(found, "aws")


def dns_suffix(partition: str) -> str:
    """Return what the domains of AWS end with in *partition*.

    >>> dns_suffix("aws"), dns_suffix("aws-cn")
    ('amazonaws.com', 'amazonaws.com.cn')
    """
    return _DNS_SUFFIXES.get(partition, "amazonaws.com")
