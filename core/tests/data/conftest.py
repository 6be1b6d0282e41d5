import pytest

from lift_sys.data.suite import choose


@pytest.fixture(scope="session")
def suite():
    return list(choose(0, 500))
