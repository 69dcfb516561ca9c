"""What sentences of botocore's models say that callers of S3 and of its tables need besides.

As in `said`: where no source is named, it is such a sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scripts.authorization.written import Row

_GRANTS = "sso:CreateApplication sso:PutApplicationAuthenticationMethod sso:PutApplicationGrant"
_REPLICATED = "configuration.rules.destinations.destinationTableBucketARN"
_EXPRESS = ("ListTagsForResource", "TagResource", "UntagResource")
_REPLICATING = ("PutTableBucketReplication", "PutTableReplication")

#: Rows as `written.OWN` has them.
OF_S3: tuple[Row, ...] = (
    *(
        row
        for name in _REPLICATING
        for row in (
            (
                *("s3tables", name, ""),
                *("s3tables:GetTable s3tables:GetTableMaintenanceConfiguration", "="),
            ),
            (
                *("s3tables", name, _REPLICATED),
                *("s3tables:CreateNamespace s3tables:CreateTable", ":"),
            ),
            (
                *("s3tables", name, _REPLICATED),
                *("s3tables:PutTableMaintenanceConfiguration", ":/table/*"),
            ),
        )
    ),
    *(("s3control", name, "ResourceArn", f"s3express:{name}", ":") for name in _EXPRESS),
    (
        *("s3", "UpdateObjectEncryption", "?ObjectEncryption.SSEKMS.KMSKeyArn"),
        *("organizations:DescribeAccount", "*"),
    ),
    ("s3control", "AssociateAccessGrantsIdentityCenter", "", _GRANTS, "*"),
    ("s3control", "CreateAccessGrantsInstance", "?IdentityCenterArn", _GRANTS, "*"),
    *(
        ("s3control", "CreateAccessGrant", f"?Grantee.GranteeType={kind}", actions, "*")
        for kind, actions in (
            (
                "DIRECTORY_GROUP",
                "identitystore:DescribeGroup sso:DescribeApplication sso:DescribeInstance",
            ),
            (
                "DIRECTORY_USER",
                "identitystore:DescribeUser sso:DescribeApplication sso:DescribeInstance",
            ),
        )
    ),
    (
        *("s3control", "CreateAccessGrantsInstance", "IdentityCenterArn"),
        *("sso:DescribeInstance", ":"),
    ),
    ("s3control", "DissociateAccessGrantsIdentityCenter", "", "sso:DeleteApplication", "*"),
    *(
        ("s3tables", "CreateTable", f"tableBucketARN?{when}", f"s3tables:{action}", ":/table/*")
        for when, action in (
            ("metadata", "PutTableData"),
            ("encryptionConfiguration", "PutTableEncryption"),
            ("storageClassConfiguration", "PutTableStorageClass"),
        )
    ),
    (
        *("s3tables", "CreateTableBucket", "?encryptionConfiguration"),
        *("s3tables:PutTableBucketEncryption", "="),
    ),
    (
        *("s3tables", "CreateTableBucket", "?storageClassConfiguration"),
        *("s3tables:PutTableBucketStorageClass", "="),
    ),
    ("s3tables", "PutTableBucketReplication", "tableBucketARN", "s3tables:ListTables", ":"),
    # The sentence is with GetTableMaintenanceConfiguration, and about what is set.
    (
        *("s3tables", "PutTableMaintenanceConfiguration"),
        (
            "?value.settings.icebergCompaction.strategy=sort"
            " value.settings.icebergCompaction.strategy=z-order"
        ),
        *("s3tables:GetTableData", "="),
    ),
)
