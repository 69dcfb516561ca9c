from aws_lambda_powertools.utilities import parameters
from botocore.config import Config
ssm = parameters.SSMProvider(config=Config(region_name="us-west-1"))
def go(event):
    ssm.get("/a/b", decrypt=True)
    ssm.get_multiple("/x")
