import boto3


def make():
    boto3.client("rds").create_db_instance(
        DBInstanceIdentifier="main",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        ManageMasterUserPassword=True,
        MasterUserSecretKmsKeyId="k1",
    )


def drop():
    boto3.client("rds").delete_db_instance(
        DBInstanceIdentifier="main", FinalDBSnapshotIdentifier="main-last"
    )
