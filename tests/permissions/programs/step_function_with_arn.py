import boto3, json, os
client = boto3.client("stepfunctions")
NAME = "orders"
def go(event, context):
    account = context.invoked_function_arn.split(":")[4]
    region = os.environ["AWS_REGION"]
    client.start_execution(stateMachineArn=f"arn:aws:states:{region}:{account}:stateMachine:{NAME}", input=json.dumps(event))
