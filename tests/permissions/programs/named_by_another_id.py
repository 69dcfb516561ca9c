import boto3


def go(event):
    boto3.client("servicecatalog-appregistry").get_application(application="shop")
    boto3.client("bedrock").delete_imported_model(modelIdentifier="mine")
    boto3.client("efs").create_replication_configuration(
        SourceFileSystemId="fs-1", Destinations=[{"Region": "eu-west-1"}]
    )
    boto3.client("quicksight").delete_group(
        GroupName="g", AwsAccountId="123456789012", Namespace="default"
    )
