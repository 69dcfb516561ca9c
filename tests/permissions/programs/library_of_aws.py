import awswrangler as wr
from pynamodb.models import Model
def go(event):
    return wr.s3.read_parquet("s3://b/k"), wr.s3.list_objects("s3://b")
