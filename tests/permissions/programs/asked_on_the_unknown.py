"""What sentences of botocore's models say is asked, on what no parameter names: it is told."""

import boto3

C = boto3.client


def called():
    C("bedrock-agent-runtime").invoke_agent(
        agentId="a", agentAliasId="l", sessionId="s", streamingConfigurations={"streamFinalResponse": True}
    )
    C("gamelift").create_vpc_peering_connection(
        FleetId="f", PeerVpcAwsAccountId="111122223333", PeerVpcId="vpc-1"
    )
    C("cloudwatch").disassociate_dataset_kms_key(DatasetIdentifier="default")
    C("mediatailor").update_source_location(
        SourceLocationName="s",
        HttpConfiguration={"BaseUrl": "https://b.s3.amazonaws.com"},
        AccessConfiguration={"AccessType": "S3_SIGV4"},
    )
    C("servicecatalog").provision_product(ProductName="p", ProvisionedProductName="q")
