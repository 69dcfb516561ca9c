import boto3


def run():
    # In the default security group, and with a network interface that has no name yet.
    boto3.client("workspaces-instances").create_workspace_instance(
        ManagedInstance={"ImageId": "ami-1", "SubnetId": "subnet-1", "InstanceType": "m5.large"}
    )


def cache():
    # What is made in the network is tagged there.
    boto3.client("elasticache").create_serverless_cache(
        ServerlessCacheName="c", Engine="valkey", SubnetIds=["subnet-1"]
    )
