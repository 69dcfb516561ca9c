"""The models of services are those that botocore finds."""

import pytest
from botocore.loaders import Loader

from chalice.permissions.reading.models import model


# S3, RDS and EKS have extras that are merged; Lambda has two versions, SQS no waiters.
@pytest.mark.parametrize("service", ["s3", "rds", "eks", "lambda", "sqs"])
@pytest.mark.parametrize("kind", ["service-2", "waiters-2"])
def test_a_model_is_what_botocore_loads(service, kind):
    loader = Loader()
    known = service in loader.list_available_services(kind)

    found = model(service, kind)

    assert found == (loader.load_service_model(service, kind) if known else None)


def test_a_service_that_nobody_knows_has_no_model():
    assert model("no-such-service", "service-2") is None


def test_a_model_of_ones_own_comes_before_that_of_botocore(tmp_path, monkeypatch):
    folder = tmp_path / ".aws/models/parcels/2026-01-01"
    folder.mkdir(parents=True)
    (folder / "service-2.json").write_text('{"metadata": {}}')
    monkeypatch.setenv("HOME", str(tmp_path))

    assert model("parcels", "service-2") == {"metadata": {}}
