import boto3

databases = boto3.client("rds")


def make(event):
    databases.create_db_instance(
        DBInstanceIdentifier="orders",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        DBSubnetGroupName="inside",
        DBParameterGroupName="tuned",
        DBSecurityGroups=["web", "batch"],
    )
    databases.copy_db_snapshot(SourceDBSnapshotIdentifier="a", TargetDBSnapshotIdentifier="b")
    databases.start_db_cluster(DBClusterIdentifier="c")
    databases.delete_db_proxy(DBProxyName="p")
