"""What sentences of botocore's models say is asked besides in any case."""

import boto3

C = boto3.client


def called():
    C("secretsmanager").validate_resource_policy(SecretId="checked", ResourcePolicy="{}")
    C("sagemaker-runtime").invoke_endpoint_with_response_stream(EndpointName="e", Body=b"")
    C("dynamodb").enable_kinesis_streaming_destination(
        TableName="t", StreamArn="arn:aws:kinesis:us-east-1:111122223333:stream/s"
    )
    C("ssm").update_association(AssociationId="a")
    C("efs").list_tags_for_resource(ResourceId="fs-1")
    C("ecs").create_service(serviceName="s", taskDefinition="d:1")
    C("servicecatalog").import_as_provisioned_product(
        ProductId="prod-1",
        ProvisioningArtifactId="pa-1",
        ProvisionedProductName="p",
        PhysicalId="arn:aws:cloudformation:us-east-1:111122223333:stack/s/1",
    )
    C("storagegateway").start_cache_report(
        FileShareARN="arn:aws:storagegateway:us-east-1:111122223333:share/share-1",
        Role="arn:aws:iam::111122223333:role/r",
        LocationARN="arn:aws:s3:::reports/cache/",
        BucketRegion="us-east-1",
        ClientToken="t",
    )
    C("fsx").create_and_attach_s3_access_point(Name="ap", Type="OPENZFS")


def links():
    C("apigateway").create_vpc_link(
        name="l",
        targetArns=[
            "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/n/1"
        ],
    )


def caches():
    C("elasticache").create_serverless_cache(ServerlessCacheName="c", Engine="valkey")
