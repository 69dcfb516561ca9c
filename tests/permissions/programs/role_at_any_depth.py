import boto3
R = "arn:aws:iam::123456789012:role/"


def go(event):
    boto3.client("sagemaker").create_domain(
        DomainName="d",
        AuthMode="IAM",
        DefaultUserSettings={"ExecutionRole": R + "studio", "CanvasAppSettings": {"GenerativeAiSettings": {"AmazonBedrockRoleArn": R + "models"}}},
    )
    boto3.client("firehose").create_delivery_stream(
        DeliveryStreamName="s",
        ExtendedS3DestinationConfiguration={"RoleARN": R + "writes", "BucketARN": "arn:aws:s3:::b"},
        KinesisStreamSourceConfiguration={"RoleARN": R + "reads", "KinesisStreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/s"},
    )
    boto3.client("cognito-idp").create_user_pool(PoolName="p", SmsConfiguration={"SnsCallerArn": R + "texts"})
    boto3.client("apigateway").put_integration(restApiId="a", resourceId="r", httpMethod="GET", type="AWS", credentials=R + "calls")
