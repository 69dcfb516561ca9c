"""Ids of settings begin with a slash that their ARNs do not double."""

import boto3


def go():
    boto3.client("ssm").reset_service_setting(SettingId="/ssm/documents/console/public-sharing-permission")
