"""One of everything that an API definition can hold; packaged by AWS Chalice 1.34 as well."""

from chalice import (
    AuthResponse,
    Chalice,
    CognitoUserPoolAuthorizer,
    CORSConfig,
    CustomAuthorizer,
    IAMAuthorizer,
)

app = Chalice("everything")
app.api.binary_types.append("image/tiff")

POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc"
ELSEWHERE = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:elsewhere/invocations"
)

pool = CognitoUserPoolAuthorizer("MyPool", provider_arns=[POOL], header="X-Auth")
elsewhere = CustomAuthorizer(
    "Elsewhere",
    authorizer_uri=ELSEWHERE,
    header="X-Token",
    invoke_role_arn="arn:aws:iam::123456789012:role/invoke",
)
uncached = CustomAuthorizer("Uncached", authorizer_uri=ELSEWHERE, ttl_seconds=0)


@app.authorizer()
def my_auth(auth_request):
    return AuthResponse(["*"], "user")


@app.authorizer(
    name="second-auth2",
    ttl_seconds=30,
    execution_role="arn:aws:iam::123456789012:role/execution",
    header="X-Second",
)
def another(auth_request):
    return AuthResponse(["*"], "user")


@app.route("/")
def index():
    return {}


@app.route("/things/{thing_id}", methods=["GET", "PUT"], cors=True)
def thing(thing_id):
    return {}


@app.route("/things/{thing_id}", methods=["POST"], cors=True, authorizer=my_auth)
def change_thing(thing_id):
    return {}


@app.route("/things/{thing_id}/parts/{part_id}", content_types=["a/b", "c/d"], name="named")
def part(thing_id, part_id):
    return {}


@app.route("/partly", methods=["GET"])
def partly_open():
    return {}


@app.route("/partly", methods=["POST", "DELETE"], cors=True)
def partly_cors():
    return {}


@app.route("/partly", methods=["PATCH"])
def partly_closed():
    return {}


@app.route(
    "/configured",
    methods=["PUT", "DELETE"],
    cors=CORSConfig(
        allow_origin="https://example.com",
        allow_headers=["X-A"],
        expose_headers=["X-B", "X-A"],
        max_age=600,
        allow_credentials=True,
    ),
    authorizer=another,
    api_key_required=True,
)
def configured():
    return {}


@app.route("/pool", authorizer=pool)
def with_pool():
    return {}


@app.route("/pool/scopes", authorizer=pool.with_scopes(["a/b", "c/d"]))
def with_pool_scopes():
    return {}


@app.route("/elsewhere", authorizer=elsewhere)
def with_elsewhere():
    return {}


@app.route("/uncached", authorizer=uncached)
def with_uncached():
    return {}


@app.route("/scopes", authorizer=my_auth.with_scopes(["s/1"]))
def with_scopes():
    return {}


@app.route("/signed", authorizer=IAMAuthorizer())
def signed():
    return {}


@app.route("/signed/key", authorizer=IAMAuthorizer(), api_key_required=True)
def signed_with_key():
    return {}


@app.route("/key", api_key_required=True)
def with_key():
    return {}


@app.route("/files/{proxy+}", methods=["GET", "HEAD"])
def files(proxy):
    return {}


@app.route("/any", methods=["ANY"])
def anything():
    return {}


@app.route("/upload", methods=["POST"], content_types=["application/xml"])
def upload():
    return {}


@app.lambda_function(name="Some-Name_x2y")
def some_function(event, context):
    return {}
