import boto3

HERE = "eu-west-1:123456789012"


def tag(event):
    boto3.client("rds").add_tags_to_resource(ResourceName=f"arn:aws:rds:{HERE}:db:orders", Tags=[])
    boto3.client("elbv2").add_tags(
        ResourceArns=[f"arn:aws:elasticloadbalancing:{HERE}:loadbalancer/app/web/1"], Tags=[]
    )
    boto3.client("rds").list_tags_for_resource(ResourceName=event["arn"])


def attach(event):
    things = boto3.client("iot")
    things.attach_policy(policyName="p", target=f"arn:aws:iot:{HERE}:cert/c1")
    things.create_job(jobId="j", targets=[f"arn:aws:iot:{HERE}:thing/{event['thing']}"])
    boto3.client("iam").simulate_principal_policy(
        PolicySourceArn="arn:aws:iam::123456789012:role/app",
        ActionNames=["iam:GetGroup"],
        ResourceArns=["arn:aws:iam::123456789012:group/staff"],
    )


def associate():
    boto3.client("sesv2").create_tenant_resource_association(
        TenantName="t", ResourceArn=f"arn:aws:ses:{HERE}:identity/example.com"
    )
    boto3.client("comprehend").update_endpoint(
        EndpointArn=f"arn:aws:comprehend:{HERE}:document-classifier-endpoint/e",
        FlywheelArn=f"arn:aws:comprehend:{HERE}:flywheel/f",
    )
