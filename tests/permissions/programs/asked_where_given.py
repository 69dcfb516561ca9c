import boto3

HERE = "eu-west-1:123456789012"


def go(event):
    boto3.client("secretsmanager").create_secret(
        Name="n", AddReplicaRegions=[{"Region": "eu-west-3"}]
    )
    things = boto3.client("iot-data")
    things.publish(topic="a/b", retain=True)
    things.publish(topic="c", retain=False)
    boto3.client("logs").filter_log_events(logGroupName="/g", unmask=True)
    boto3.client("dsql").create_cluster(
        multiRegionProperties={
            "witnessRegion": "us-west-2",
            "clusters": ["arn:aws:dsql:us-east-2:123456789012:cluster/x"],
        }
    )
    boto3.client("s3tables").create_table(
        tableBucketARN=f"arn:aws:s3tables:{HERE}:bucket/tb",
        namespace="n",
        name="t",
        format="ICEBERG",
        metadata={"iceberg": {"schema": {"fields": event["fields"]}}},
    )
    boto3.client("batch").create_compute_environment(
        computeEnvironmentName="c",
        type="MANAGED",
        eksConfiguration={"eksClusterArn": f"arn:aws:eks:{HERE}:cluster/e"},
    )
    boto3.client("sagemaker-runtime").invoke_endpoint_with_response_stream(
        EndpointName="e", Body=b""
    )
