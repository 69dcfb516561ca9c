import boto3

OTHER = "210987654321"
ecr = boto3.client("ecr")
glue = boto3.client("glue")
artifacts = boto3.client("codeartifact")


def go(event):
    ecr.batch_get_image(registryId=OTHER, repositoryName="base", imageIds=[{"imageTag": "1"}])
    ecr.describe_images(registryId=event["account"], repositoryName="any")
    ecr.list_images(repositoryName="own")
    given = {"registryId": OTHER} if event["other"] else {}
    ecr.put_image(repositoryName="both", imageManifest="{}", **given)
    glue.get_table(CatalogId=OTHER, DatabaseName="db", Name="t")
    glue.get_database(CatalogId=event["account"], Name="any")
    glue.get_partitions(DatabaseName="own", TableName="t")
    glue.get_tables(CatalogId="123456789012:s3tablescatalog/tb", DatabaseName="ns")
    glue.get_table(CatalogId="s3tablescatalog/tb", DatabaseName="ns", Name="t")
    artifacts.get_authorization_token(domain="d", domainOwner=OTHER)
    artifacts.get_package_version_asset(
        domain="d", domainOwner=OTHER, repository="r", format="pypi", package="p",
        packageVersion="1", asset="a",
    )
    boto3.client("s3control").describe_job(AccountId=OTHER, JobId="j")
    boto3.client("bedrock-agentcore").invoke_agent_runtime(
        agentRuntimeArn="agent", accountId=OTHER, payload=b"{}"
    )
