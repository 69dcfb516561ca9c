import boto3

R = "arn:aws:iam::123456789012:role/"


def go(event):
    boto3.client("rds").modify_option_group(
        OptionGroupName="g",
        OptionsToInclude=[
            {"OptionName": "SQLSERVER_BACKUP_RESTORE", "OptionSettings": [{"Name": "IAM_ROLE_ARN", "Value": R + "backs"}]}
        ],
    )
    boto3.client("elasticbeanstalk").update_environment(
        EnvironmentName="e",
        OptionSettings=[{"Namespace": "aws:elasticbeanstalk:environment", "OptionName": "ServiceRole", "Value": R + "serves"}],
    )
