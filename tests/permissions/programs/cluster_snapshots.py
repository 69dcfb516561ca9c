import boto3

ARN = "arn:aws:rds:eu-west-1:123456789012:snapshot:of-instance"


def go(event):
    boto3.client("rds").restore_db_cluster_from_snapshot(
        DBClusterIdentifier="a", SnapshotIdentifier="csnap", Engine="aurora-mysql"
    )
    boto3.client("docdb").restore_db_cluster_from_snapshot(
        DBClusterIdentifier="b", SnapshotIdentifier="docs", Engine="docdb"
    )
    boto3.client("neptune").restore_db_cluster_from_snapshot(
        DBClusterIdentifier="c", SnapshotIdentifier=ARN, Engine="neptune"
    )
