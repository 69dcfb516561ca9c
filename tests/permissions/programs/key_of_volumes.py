import boto3


def launch(image):
    disk = {"VolumeSize": 8, "Encrypted": True, "KmsKeyId": "k1"}
    boto3.client("ec2").create_volume(AvailabilityZone="eu-west-1a", **disk)
