import boto3
from chalice import Chalice

app = Chalice(app_name="program")
TAGS = [{"Key": "team", "Value": "a"}]
ROLE = "arn:aws:iam::111122223333:role/other"


@app.lambda_function()
def handler(event, context):
    identities = boto3.client("iam")
    identities.create_role(RoleName="r", AssumeRolePolicyDocument="{}", Tags=TAGS)
    identities.create_policy(PolicyName="p", PolicyDocument="{}", Tags=TAGS)
    boto3.client("cognito-idp").create_user_pool(PoolName="p", UserPoolTags={"team": "a"})
    boto3.client("sts").assume_role(
        RoleArn=ROLE, RoleSessionName="s", Tags=TAGS, SourceIdentity=event["user"]
    )
