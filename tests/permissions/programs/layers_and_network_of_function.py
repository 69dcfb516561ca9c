import boto3

LAYER = "arn:aws:lambda:eu-west-1:123456789012:layer:tools:3"


def configure():
    boto3.client("lambda").update_function_configuration(
        FunctionName="worker",
        Layers=[LAYER],
        VpcConfig={"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
    )
