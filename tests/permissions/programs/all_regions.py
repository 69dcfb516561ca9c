import boto3
def go(event):
    for region in boto3.session.Session().get_available_regions("dynamodb"):
        boto3.client("dynamodb", region_name=region).list_tables()
