import boto3



def go(event):
    boto3.client("rds").create_db_instance(DBInstanceIdentifier="d", DBInstanceClass="db.t4g.micro", Engine="postgres")
    boto3.client("kms").create_key(MultiRegion=True)
