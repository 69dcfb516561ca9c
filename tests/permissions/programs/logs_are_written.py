import boto3


def build():
    boto3.client("ec2").create_fpga_image(
        InputStorageLocation={"Bucket": "designs", "Key": "a.tar"},
        LogsStorageLocation={"Bucket": "logs", "Key": "fpga"},
    )
