import boto3



def go(event):
    boto3.client("cloudwatch").put_metric_alarm(AlarmName="a", AlarmActions=["arn:aws:automate:us-east-1:ec2:stop"])
