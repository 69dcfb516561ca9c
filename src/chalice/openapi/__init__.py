"""The API definition of an application: OpenAPI 3.0.1 with the extensions of API Gateway.

Waist 2 of the design. The document that is returned here is the one that is deployed and the one
that the local gateway serves. Account, region and function ARNs therefore stay `Fn::Sub`
expressions, to be resolved by CloudFormation; the order of everything is that of declaration.

Facts about the extensions: API Gateway developer guide, "OpenAPI extensions for API Gateway". Facts
about what AWS Chalice deploys: observed by packaging applications with AWS Chalice 1.34.0.

    definition.py   the document: paths, operations, preflights, request validation
    schemes.py      who guards methods
    answers.py      what the gateway answers in its own name
"""

from chalice.openapi.definition import api_definition

__all__ = ["api_definition"]
