import gc

import pytest

from chalice.cli.garbage import seldom_collected


@pytest.mark.parametrize("fails", [False, True], ids=["that ends", "that fails"])
def test_garbage_is_looked_for_seldom_during_a_command_and_as_before_afterwards(fails):
    before = gc.get_threshold()
    during = []

    @seldom_collected()
    def command():
        during.append(gc.get_threshold())
        if fails:
            raise KeyError

    if fails:
        with pytest.raises(KeyError):
            command()
    else:
        command()

    assert during[0][0] > 10 * before[0]
    assert during[0][1:] == before[1:]
    assert gc.get_threshold() == before
    assert gc.isenabled()
