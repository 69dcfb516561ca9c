"""What sentences of botocore's models say is asked where a parameter is given: not without it."""

import boto3

C = boto3.client
BUCKET = "arn:aws:s3tables:us-east-1:111122223333:bucket/b"


def logs():
    C("logs").filter_log_events(logGroupName="masked", unmask=True)
    C("logs").get_log_events(logGroupName="plain", logStreamName="s", unmask=False)
    C("logs").get_log_record(logRecordPointer="p")
    C("logs").delete_account_policy(policyName="p", policyType="TRANSFORMER_POLICY")
    C("logs").describe_account_policies(policyType="DATA_PROTECTION_POLICY")


def published():
    C("iot-data").publish(topic="kept", retain=True)
    C("iot-data").publish(topic="lost", retain=False)


def tables():
    C("s3tables").create_table(
        tableBucketARN=BUCKET,
        namespace="n",
        name="t",
        format="ICEBERG",
        metadata={"iceberg": {}},
        storageClassConfiguration={"storageClass": "STANDARD"},
    )
    C("s3tables").create_table_bucket(
        name="b", encryptionConfiguration={"sseAlgorithm": "AES256"}
    )
    C("s3tables").put_table_maintenance_configuration(
        tableBucketARN=BUCKET,
        namespace="n",
        name="t",
        type="icebergCompaction",
        value={"settings": {"icebergCompaction": {"strategy": "sort"}}},
    )
    C("s3tables").put_table_bucket_replication(
        tableBucketARN=BUCKET,
        configuration={
            "role": "arn:aws:iam::111122223333:role/r",
            "rules": [{"destinations": [{"destinationTableBucketARN": f"{BUCKET}2"}]}],
        },
    )


def runtime():
    C("bedrock-agentcore").invoke_agent_runtime(
        agentRuntimeArn="arn:aws:bedrock-agentcore:us-east-1:111122223333:runtime/r",
        runtimeUserId="u",
        payload=b"",
    )


def batch():
    C("batch").create_compute_environment(
        computeEnvironmentName="c",
        type="MANAGED",
        computeResources={"type": "EC2", "capacityTags": {"a": "b"}},
        eksConfiguration={
            "eksClusterArn": "arn:aws:eks:us-east-1:111122223333:cluster/k",
            "kubernetesNamespace": "n",
        },
    )


def dynamodb():
    C("dynamodb").create_table(TableName="shared", ResourcePolicy="{}")
    C("dynamodb").update_table(
        TableName="apart", ReplicaUpdates=[{"Disassociate": {"RegionName": "eu-west-1"}}]
    )
    C("dynamodb").update_table(
        TableName="global", ReplicaUpdates=[{"Create": {"RegionName": "eu-west-1"}}]
    )


def secrets():
    C("secretsmanager").create_secret(Name="many", AddReplicaRegions=[{"Region": "eu-west-1"}])
    C("secretsmanager").create_secret(Name="one")


def workload():
    C("wellarchitected").create_workload(
        WorkloadName="w",
        ReviewTemplateArns=[
            "arn:aws:wellarchitected:us-east-1:111122223333:review-template/0123456789abcdef"
        ],
    )


def clusters():
    C("dsql").create_cluster(
        multiRegionProperties={
            "witnessRegion": "us-west-2",
            "clusters": ["arn:aws:dsql:us-east-2:111122223333:cluster/peer"],
        }
    )
    C("dsql").create_cluster(deletionProtectionEnabled=True)


def others():
    C("cloudwatch").put_metric_alarm(
        AlarmName="a", ActionConfiguration={"AlarmTagsPropagation": {"Enabled": True}}
    )
    C("oam").get_link(
        Identifier="arn:aws:oam:us-east-1:111122223333:link/l", IncludeTags=True
    )
    C("rekognition").create_dataset(
        DatasetType="TRAIN",
        ProjectArn="arn:aws:rekognition:us-east-1:111122223333:project/p/1",
        DatasetSource={
            "DatasetArn": "arn:aws:rekognition:us-east-1:111122223333:project/o/dataset/train/1"
        },
    )
    C("transfer").update_host_key(
        ServerId="s-1", HostKeyId="hostkey-1", StorageType="SECRETS_MANAGER"
    )
    C("datasync").create_task(
        SourceLocationArn="arn:aws:datasync:us-east-1:111122223333:location/loc-1",
        DestinationLocationArn="arn:aws:datasync:us-east-1:111122223333:location/loc-2",
        TaskMode="ENHANCED",
    )
    C("elasticbeanstalk").update_tags_for_resource(
        ResourceArn="arn:aws:elasticbeanstalk:us-east-1:111122223333:application/a",
        TagsToRemove=["t"],
    )
    C("connectcases").update_case(
        domainId="d",
        caseId="c",
        fields=[],
        performedBy={"userArn": "arn:aws:connect:us-east-1:111122223333:instance/i/agent/u"},
    )
