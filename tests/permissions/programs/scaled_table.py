import boto3

TABLE = {"ServiceNamespace": "dynamodb", "ResourceId": "table/users"}


def scale():
    scaling = boto3.client("application-autoscaling")
    scaling.register_scalable_target(
        **TABLE, ScalableDimension="dynamodb:table:ReadCapacityUnits", MinCapacity=1, MaxCapacity=9
    )
    scaling.put_scaling_policy(
        **TABLE,
        PolicyName="reads",
        PolicyType="TargetTrackingScaling",
        ScalableDimension="dynamodb:table:ReadCapacityUnits",
    )
