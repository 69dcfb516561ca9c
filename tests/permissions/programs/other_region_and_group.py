import boto3


def replicate():
    boto3.client("kms").replicate_key(KeyId="mrk-1", ReplicaRegion="eu-west-3")
    boto3.client("dynamodb").update_table(
        TableName="t", ReplicaUpdates=[{"Create": {"RegionName": "eu-west-3"}}]
    )


def group():
    boto3.client("resource-groups").group_resources(
        Group="g", ResourceArns=["arn:aws:sns:eu-west-1:123456789012:t"]
    )
    boto3.client("redshift-serverless").delete_namespace(namespaceName="n")


def sign_in():
    # The key of the secret is in no parameter.
    boto3.client("kafka").batch_associate_scram_secret(
        ClusterArn="arn:aws:kafka:eu-west-1:123456789012:cluster/c/u",
        SecretArnList=["arn:aws:secretsmanager:eu-west-1:123456789012:secret:AmazonMSK_a-abcdef"],
    )
