import boto3
from chalice import Chalice

app = Chalice(app_name="program")
tokens = boto3.client("sts")


def assumed(role, **more):
    return tokens.assume_role(RoleArn=role, RoleSessionName="s", **more)["Credentials"]


@app.lambda_function()
def handler(event, context):
    assumed("arn:aws:iam::111122223333:role/plain")
    tokens.assume_role(
        RoleArn="arn:aws:iam::111122223333:role/tagged",
        RoleSessionName="s",
        TransitiveTagKeys=["team"],
    )
    # No policy is asked for what a token of another identity provider signs.
    tokens.assume_role_with_web_identity(
        RoleArn="arn:aws:iam::111122223333:role/web", RoleSessionName="s", WebIdentityToken="t"
    )
