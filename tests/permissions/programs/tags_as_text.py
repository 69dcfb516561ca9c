"""Tags may be one text."""

import boto3


def go():
    rule = {"sql": "SELECT * FROM 'a'", "actions": []}
    boto3.client("iot").create_topic_rule(ruleName="doors", topicRulePayload=rule, tags="team=a")
