from aws_lambda_powertools.utilities import parameters
from aws_lambda_powertools.utilities.parameters.ssm import get_parameters_by_name


def go():
    parameters.get_parameter("/shop/url")
    parameters.get_parameters("/shop/limits", recursive=True)
    get_parameters_by_name({"/shop/a": {}, "/shop/b": {"max_age": 60}})
    parameters.get_secret(name="db")
    parameters.set_parameter(name="/shop/seen", value="1")
    return parameters.get_app_config(name="flags", environment="live", application="shop")
