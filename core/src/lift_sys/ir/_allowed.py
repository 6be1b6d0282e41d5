"""What a predicate may call: functions without side effects, and methods that change nothing."""

import math
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTIONS: Final = _words(
    "abs all any ascii bin bool bytearray bytes chr complex dict divmod enumerate filter float "
    "frozenset hex int isinstance issubclass len list map max min oct ord pow range repr reversed "
    "round set sorted str sum tuple type zip"
)
TYPES: Final = _words(
    "bool bytearray bytes complex dict float frozenset int list object range set str tuple"
)
METHODS: Final = _words(
    # str and bytes; `format` and `format_map` reach attributes by name and are left out
    "capitalize casefold center count decode encode endswith expandtabs find hex index isalnum "
    "isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle "
    "isupper join ljust lower lstrip partition removeprefix removesuffix replace rfind rindex "
    "rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title translate "
    "upper zfill "
    # dict, set, list
    "copy get items most_common keys values difference intersection isdisjoint issubset issuperset "
    "symmetric_difference union fromkeys "
    # int and float
    "as_integer_ratio bit_count bit_length conjugate is_integer"
)
TYPING_NAMES: Final = _words(
    "Any AnyStr Callable Collection Container Counter DefaultDict Deque Dict FrozenSet Generator "
    "Hashable Iterable Iterator List Literal Mapping MutableMapping MutableSequence MutableSet "
    "Never NoReturn Optional OrderedDict Sequence Set Sized SupportsFloat SupportsInt Tuple Type "
    "Union typing collections Exception Decimal Fraction Path datetime date time timedelta"
)
MATH: Final = frozenset(name for name in dir(math) if not name.startswith("_"))
COUNTER: Final = "Counter"
EXCEPTIONS: Final = _words(
    "ArithmeticError AssertionError AttributeError BufferError EOFError Exception "
    "FloatingPointError IndexError KeyError LookupError MemoryError NameError NotImplementedError "
    "OSError OverflowError RecursionError RuntimeError StopIteration SyntaxError TypeError "
    "UnicodeDecodeError UnicodeEncodeError UnicodeError ValueError ZeroDivisionError "
    "FileNotFoundError PermissionError TimeoutError"
)
IMPORTS: Final = {"math": "import math", COUNTER: "from collections import Counter"}
LAMBDA_TAKERS: Final = frozenset({"sorted", "max", "min"})
RESULT: Final = "result"
OLD: Final = "old_"
