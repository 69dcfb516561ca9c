import boto3



def go(event):
    stacks = boto3.client("cloudformation")
    stacks.update_stack(StackName="s", RoleARN="arn:aws:iam::123456789012:role/builds")
    stacks.delete_stack(StackName="s")
