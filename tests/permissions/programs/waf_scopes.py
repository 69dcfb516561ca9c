import boto3

waf = boto3.client("wafv2")


def go(event):
    waf.get_ip_set(Name="blocked", Scope="CLOUDFRONT", Id="1")
    waf.delete_rule_group(Name="rules", Scope="REGIONAL", Id="2", LockToken="t")
    waf.get_regex_pattern_set(Name="words", Scope=event["scope"], Id="3")
    boto3.client("sagemaker").delete_app(
        DomainId="d-1", UserProfileName="u", AppType="JupyterServer", AppName="default"
    )
