import boto3


def make(name):
    boto3.client("efs").create_file_system(CreationToken=name, Encrypted=True, KmsKeyId="alias/files")
    boto3.client("sqs").list_queues()
