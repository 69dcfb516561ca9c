import boto3

machines = boto3.client("ec2")


def go(event):
    machines.create_network_interface(SubnetId="subnet-1", Groups=["sg-1"])
    machines.run_instances(
        ImageId="ami-1",
        MinCount=1,
        MaxCount=1,
        KeyName="ops",
        Placement={"GroupName": "near"},
        NetworkInterfaces=[{"DeviceIndex": 0, "SubnetId": "subnet-2", "Groups": ["sg-2"]}],
    )
    machines.copy_image(Name="n", SourceImageId="ami-2", SourceRegion="eu-west-1")
    machines.create_internet_gateway()
