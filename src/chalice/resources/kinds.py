"""Types of resources that several layers look for."""

from __future__ import annotations

API = "AWS::ApiGateway::RestApi"
FUNCTION = "AWS::Lambda::Function"
LOG_GROUP = "AWS::Logs::LogGroup"
ROLE = "AWS::IAM::Role"
