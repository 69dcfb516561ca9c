import boto3


def go(event):
    scaling = boto3.client("autoscaling")
    scaling.create_launch_configuration(LaunchConfigurationName="l", IamInstanceProfile="web")
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="g", MinSize=1, MaxSize=1, LaunchTemplate={"LaunchTemplateName": "t"}
    )
