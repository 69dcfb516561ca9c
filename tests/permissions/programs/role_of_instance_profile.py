import boto3



def go(event):
    boto3.client("ec2").run_instances(ImageId="ami-1", MinCount=1, MaxCount=1, IamInstanceProfile={"Name": "web"})
    boto3.resource("ec2").create_instances(
        ImageId="ami-1", MinCount=1, MaxCount=1, IamInstanceProfile={"Arn": "arn:aws:iam::123456789012:instance-profile/apps/jobs"}
    )
