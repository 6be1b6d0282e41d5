"""The fixture of `lift_sys.testing` gives the model that is installed here."""

from lift_sys.data.dialect import DIALECT
from lift_sys.errors import RequestRejected
from lift_sys.interfaces import Provider, Task
from lift_sys.testing.runs import make_context, make_specification

pytest_plugins = ["lift_sys.testing.fixtures"]

# Without a signature there is always something to be unsure of.
TASK = Task(id="prices", request="Sum the values of a dictionary above 20, each reduced by 5")


async def test_it_draws_specifications_that_differ(embedded_model: Provider):
    assert embedded_model.capabilities().dialect == DIALECT
    drawn = await make_specification(TASK).draw(make_context(embedded_model), 8)
    assert len({one.text for one in drawn}) > 1, "it draws at random"
    again = await make_specification(TASK).draw(make_context(embedded_model), 8)
    assert [one.text for one in again] == [one.text for one in drawn], "and from a seed"


async def test_it_says_where_its_knowledge_ends(embedded_model: Provider):
    request = "Scrape the prices of all laptops from a webshop and mail them to my accountant"
    task = Task(id="scrape", request=request)
    (drawn,) = await make_specification(task).draw(make_context(embedded_model), 1)
    assert drawn.value is None
    assert drawn.failure is not None
    assert "is outside what embedded-small" in drawn.failure.message
    assert RequestRejected.__name__ not in drawn.failure.message
