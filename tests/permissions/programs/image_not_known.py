"""The image of a function is not known: what only reads how things are set up is granted."""

import boto3


def go(event):
    boto3.client("lambda").update_function_code(FunctionName="worker", ImageUri=event["image"])
    boto3.client("application-autoscaling").put_scaling_policy(
        PolicyName="p",
        ServiceNamespace="lambda",
        ResourceId=event["function"],
        ScalableDimension="lambda:function:ProvisionedConcurrency",
        PolicyType="StepScaling",
    )
