import boto3



def go(event):
    boto3.client("cognito-idp").update_group(GroupName="g", UserPoolId="p", RoleArn="")
    boto3.client("glue").update_dev_endpoint(EndpointName="e")
    boto3.client("codebuild").update_project(name="p", serviceRole=None)
