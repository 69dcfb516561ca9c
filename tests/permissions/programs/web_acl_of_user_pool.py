import boto3

ACL = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/main/1"
POOL = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_x"


def protect():
    boto3.client("wafv2").associate_web_acl(WebACLArn=ACL, ResourceArn=POOL)
