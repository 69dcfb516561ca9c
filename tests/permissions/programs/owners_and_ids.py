import boto3

OTHER = "210987654321"


def read(event):
    boto3.client("ecr").batch_get_image(registryId=OTHER, repositoryName="base", imageIds=[])
    boto3.client("ecr").describe_images(registryId=event["owner"], repositoryName="base")
    boto3.client("glue").get_table(CatalogId=OTHER, DatabaseName="d", Name="t")
    boto3.client("codeartifact").get_authorization_token(domain="d", domainOwner=OTHER)


def name(event):
    schemas = boto3.client("glue")
    schemas.get_schema_version(SchemaId={"RegistryName": "r", "SchemaName": "s"})
    schemas.register_schema_version(
        SchemaId={"SchemaArn": "arn:aws:glue:eu-west-1:123456789012:schema/q/s"},
        SchemaDefinition="{}",
    )
    schemas.create_table(DatabaseName="d", TableInput={"Name": "t"})
    things = boto3.client("iot-data")
    things.get_thing_shadow(thingName="th", shadowName="config")
    things.get_thing_shadow(thingName=event["thing"], shadowName="config")
    boto3.client("wafv2").get_ip_set(Name="n", Scope="CLOUDFRONT", Id="1")
    boto3.client("wafv2").create_ip_set(
        Name="n", Scope="REGIONAL", IPAddressVersion="IPV4", Addresses=[], Tags=[{"Key": "a"}]
    )
    boto3.client("rds").restore_db_cluster_from_snapshot(
        DBClusterIdentifier="c", SnapshotIdentifier="s", Engine="aurora-mysql"
    )


def mark(event):
    machines = boto3.client("ec2")
    machines.create_tags(Resources=["i-1", f"vol-{event['volume']}"], Tags=[])
    machines.delete_tags(Resources=[event["id"]], Tags=[])
    machines.modify_instance_attribute(InstanceId="i-1", Groups=["sg-1"])
    boto3.client("s3vectors").query_vectors(
        vectorBucketName="vb", indexName="ix", topK=1, queryVector={}
    )
    boto3.client("sso-admin").create_account_assignment(
        InstanceArn="arn:aws:sso:::instance/i",
        TargetId=OTHER,
        TargetType="AWS_ACCOUNT",
        PermissionSetArn="arn:aws:sso:::permissionSet/i/p",
        PrincipalType="USER",
        PrincipalId="u",
    )


def through_others(key):
    files = boto3.client("s3")
    files.get_object(
        Bucket="arn:aws:s3-object-lambda:eu-west-1:123456789012:accesspoint/lambdas", Key=key
    )
    files.get_object(
        Bucket="arn:aws:s3-outposts:eu-west-1:123456789012:outpost/op-1/accesspoint/oap",
        Key="in/a.txt",
    )
