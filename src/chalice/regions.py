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


def partition_of(region: str) -> str:
    """Return the partition of a region, `aws` for most.

    >>> partition_of("eu-central-1"), partition_of("cn-north-1")
    ('aws', 'aws-cn')
    """
    found = (name for prefix, name in _PARTITIONS.items() if region.startswith(prefix))
    return next(found, "aws")
