import boto3


def make(value):
    boto3.client("ssm").put_parameter(Name="p", Value=value, Type="SecureString", KeyId="alias/aws/ssm")
