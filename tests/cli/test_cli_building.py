"""What commands that deploy say of what they have built."""

from chalice.cli.building import of_deploys
from chalice.diagnostics import Problem


def test_that_a_package_has_to_go_through_a_bucket_is_no_news_to_a_deploy():
    large = Problem("package-needs-s3", "it has 57 MB", "", "through a bucket", "warning")
    other = Problem("runtime-ends", "it ends", "", "another", "warning")

    assert of_deploys([large, other]) == [other]
