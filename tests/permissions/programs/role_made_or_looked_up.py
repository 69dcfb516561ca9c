import boto3

iam = boto3.client("iam")


def role_of(name):
    try:
        made = iam.create_role(RoleName=name, Path="/apps/", AssumeRolePolicyDocument="{}")
        if made["ResponseMetadata"]["HTTPStatusCode"] == 200:
            return made["Role"]["Arn"]
    except iam.exceptions.EntityAlreadyExistsException:
        return iam.get_role(RoleName=name).get("Role")["Arn"]


def go(event):
    boto3.client("stepfunctions").create_state_machine(name="m", definition="{}", roleArn=role_of("runs"))
