import boto3

glue = boto3.client("glue")


def go(event):
    glue.get_schema_version(SchemaId={"RegistryName": "reg", "SchemaName": "sch"})
    glue.register_schema_version(
        SchemaId={"RegistryName": "reg", "SchemaName": "made"}, SchemaDefinition=event["text"]
    )
    glue.create_schema(
        RegistryId={"RegistryName": "reg"}, SchemaName="new", DataFormat="AVRO"
    )
    glue.get_schema(
        SchemaId={"SchemaArn": "arn:aws:glue:eu-west-1:123456789012:schema/other/by-arn"}
    )
    glue.update_schema(SchemaId={"SchemaName": "of-default"}, SchemaVersionNumber={"LatestVersion": True})
