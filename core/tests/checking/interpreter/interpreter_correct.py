"""Correct IRs of many kinds: no finding but a note may be made about any of them."""

from lift_sys.ir import IR

from .interpreter_specs import effect, loop, must_return, position, spec

PHASES: dict[str, IR] = {
    "get_grade": spec(
        "get_grade(score: int) -> str",
        "result in ('A', 'B', 'C', 'D', 'F')",
        "get_grade(90) == 'A'",
        "get_grade(59) == 'F'",
        effects=[
            effect("An A", "A", when="score >= 90"),
            effect("A B", "B", when="score >= 80"),
            effect("A C", "C", when="score >= 70"),
            effect("A D", "D", when="score >= 60"),
            effect("All else fails", "F"),
        ],
        constraints=[must_return()],
    ),
    "filter_even_numbers": spec(
        "filter_even_numbers(numbers: list[int]) -> list[int]",
        "result == [n for n in numbers if n % 2 == 0]",
        "filter_even_numbers([1, 2, 4]) == [2, 4]",
        effects=[effect("Keep the even numbers in their order")],
        constraints=[loop("all")],
    ),
    "count_words": spec(
        "count_words(text: str) -> int",
        "result == len(text.split())",
        "count_words('') == 0",
        effects=[effect("Split at white space and count")],
    ),
    "first_element": spec(
        "first_element(items: list[Any]) -> Any",
        "result is None if not items else result == items[0]",
        "first_element([]) is None",
        effects=[effect("Nothing there", None, when="not items")],
    ),
    "classify_number": spec(
        "classify_number(n: int) -> str",
        "classify_number(0) == 'zero'",
        "classify_number(-4) == 'negative'",
        "classify_number(4) == 'positive even'",
        "classify_number(5) == 'positive odd'",
        effects=[
            effect("Zero", "zero", when="n == 0"),
            effect("Below zero", "negative", when="n < 0"),
            effect("Even", "positive even", when="n > 0 and n % 2 == 0"),
            effect("Odd", "positive odd", when="n > 0 and n % 2 == 1"),
        ],
        constraints=[must_return()],
    ),
    "find_value_index": spec(
        "find_value_index(items: list[int], value: int) -> int",
        "result == -1 if value not in items else items[result] == value",
        "result == -1 or value not in items[:result]",
        "find_value_index([1, 2, 1], 1) == 0",
        "find_value_index([], 3) == -1",
        effects=[
            effect("The index of the first match", when="value in items"),
            effect("Not found", -1),
        ],
        constraints=[loop("first"), must_return()],
    ),
    "to_title_case": spec(
        "to_title_case(text: str) -> str",
        "len(result) == len(text)",
        "result.lower() == text.lower()",
        "to_title_case('hello world') == 'Hello World'",
        effects=[effect("Capitalise each word", hint="text.title()")],
    ),
    "calculate_factorial": spec(
        "calculate_factorial(n: int) -> int",
        "n >= 0",
        "result >= 1",
        "calculate_factorial(0) == 1",
        "calculate_factorial(5) == 120",
        effects=[
            effect("0! is 1", 1, when="n == 0"),
            effect("Multiply n by the factorial of n - 1", when="n > 0"),
        ],
    ),
    "get_type_name": spec(
        "get_type_name(value: Any) -> str",
        "get_type_name(True) == 'other'",
        "get_type_name(5) == 'int'",
        "get_type_name('x') == 'str'",
        "get_type_name(None) == 'other'",
        effects=[
            effect("bool is no int here", "other", when="isinstance(value, bool)"),
            effect("int", "int", when="isinstance(value, int)"),
            effect("str", "str", when="isinstance(value, str)"),
            effect("list", "list", when="isinstance(value, list)"),
            effect("all else", "other"),
        ],
    ),
    "get_type_name with type()": spec(
        "get_type_name(value: Any) -> str",
        "get_type_name(True) == 'other'",
        "get_type_name([]) == 'list'",
        effects=[
            effect("int", "int", when="type(value) is int"),
            effect("str", "str", when="type(value) is str"),
            effect("list", "list", when="type(value) is list"),
            effect("all else", "other"),
        ],
    ),
    "clamp": spec(
        "clamp(value: int, low: int, high: int) -> int",
        "low <= high",
        "low <= result <= high",
        "result == value if low <= value <= high else result in (low, high)",
        "clamp(5, 0, 3) == 3",
        effects=[
            effect("Too small: low", when="value < low"),
            effect("Too large: high", when="value > high"),
            effect("As it is"),
        ],
    ),
    "validate_password": spec(
        "validate_password(password: str) -> str",
        "result in ('too short', 'no number', 'no uppercase', 'valid')",
        "validate_password('abc') == 'too short'",
        "validate_password('Abcdefg1') == 'valid'",
        effects=[
            effect("Short", "too short", when="len(password) < 8"),
            effect("No digit", "no number", when="not any(c.isdigit() for c in password)"),
            effect("No capital", "no uppercase", when="not any(c.isupper() for c in password)"),
            effect("Good", "valid"),
        ],
    ),
    "calculate_average": spec(
        "calculate_average(numbers: list[float]) -> float",
        "result == 0.0 if not numbers else result == sum(numbers) / len(numbers)",
        "calculate_average([]) == 0.0",
        "not numbers or min(numbers) - 1e-9 <= result <= max(numbers) + 1e-9",
        effects=[effect("Empty", 0.0, when="not numbers"), effect("The mean")],
    ),
    "is_valid_email": spec(
        "is_valid_email(email: str) -> bool",
        "result == ('@' in email[1:] and '.' in email.rpartition('@')[2].strip('.'))",
        "is_valid_email('a@b.c') is True",
        "is_valid_email('@example.com') is False",
        "is_valid_email('user@.com') is False",
        constraints=[position("a dot comes after the @")],
    ),
    "get_fibonacci": spec(
        "get_fibonacci(n: int) -> int",
        "n >= 0",
        "get_fibonacci(0) == 0",
        "get_fibonacci(1) == 1",
        "get_fibonacci(10) == 55",
        effects=[
            effect("The first two are n itself", when="n < 2"),
            effect("The sum of the two before"),
        ],
    ),
    "is_prime_number": spec(
        "is_prime_number(n: int) -> bool",
        "isinstance(result, bool)",
        "is_prime_number(2) is True",
        "is_prime_number(1) is False",
        "is_prime_number(9) is False",
        "result == (n > 1 and all(n % d for d in range(2, n)))",
        effects=[
            effect("Too small", False, when="n < 2"),
            effect("Look for divisors up to the square root"),
        ],
    ),
    "safe_int": spec(
        "safe_int(text: str) -> int",
        "safe_int('12') == 12",
        "safe_int('abc') == 0",
        "safe_int('') == 0",
        effects=[effect("Parse"), effect("When parsing fails", 0)],
    ),
    "get_min_max": spec(
        "get_min_max(numbers: list[int]) -> tuple[int, int]",
        "len(numbers) > 0",
        "result == (min(numbers), max(numbers))",
        "get_min_max([3, 1, 2]) == (1, 3)",
        constraints=[position("the minimum comes first")],
    ),
    "merge_dicts": spec(
        "merge_dicts(first: dict[str, int], second: dict[str, int]) -> dict[str, int]",
        "set(result) == set(first) | set(second)",
        "all(result[key] == second[key] for key in second)",
        "all(result[key] == first[key] for key in first if key not in second)",
        "merge_dicts({'a': 1}, {'a': 2}) == {'a': 2}",
        effects=[effect("Copy the first, then lay the second over it")],
    ),
}

OTHERS: dict[str, IR] = {
    "add": spec("add(a: int, b: int) -> int", "result == a + b", "add(2, 3) == 5"),
    "add with effect": spec(
        "add(a: int, b: int) -> int",
        "result == a + b",
        effects=[effect("Return the sum of a and b", hint="return a + b")],
    ),
    "add floats": spec(
        "add(a: float, b: float) -> float", "result == a + b", effects=[effect("The sum")]
    ),
    "identity": spec("identity(x: Any) -> Any", "result == x"),
    "version": spec("version() -> str", "version() == '1.0'"),
    "always true": spec(
        "accept(x: Any) -> bool", "result is True", effects=[effect("Accept all", True)]
    ),
    "divide": spec(
        "divide(a: float, b: float) -> float",
        "divide(6, 3) == 2",
        "divide(1, 0) raises ZeroDivisionError",
        "b == 0 or abs(result * b - a) < 1e-6 * (1 + abs(a))",
        effects=[effect("Raises ZeroDivisionError", when="b == 0"), effect("The quotient")],
    ),
    "validate_positive": spec(
        "validate_positive(x: int) -> int",
        "result == x",
        "result > 0",
        "validate_positive(-1) raises ValueError",
    ),
    "parse_year": spec(
        "parse_year(text: str) -> int",
        "result == int(text)",
        "1900 <= result <= 2100",
        "parse_year('1999') == 1999",
        summary="Parse a year, raising ValueError outside 1900 to 2100",
    ),
    "fizzbuzz": spec(
        "fizzbuzz(n: int) -> str",
        "fizzbuzz(7) == '7'",
        "fizzbuzz(30) == 'FizzBuzz'",
        effects=[
            effect("Both", "FizzBuzz", when="n % 15 == 0"),
            effect("Three", "Fizz", when="n % 3 == 0"),
            effect("Five", "Buzz", when="n % 5 == 0"),
            effect("The number itself as text"),
        ],
    ),
    "sign": spec(
        "sign(x: float) -> int",
        "result in (-1, 0, 1)",
        "x * result >= 0",
        effects=[
            effect("Negative", -1, when="x < 0"),
            effect("Zero", 0, when="x == 0"),
            effect("Positive", 1, when="x > 0"),
        ],
    ),
    "reverse": spec("reverse(text: str) -> str", "result == text[::-1]", "reverse('abc') == 'cba'"),
    "is_palindrome": spec(
        "is_palindrome(text: str) -> bool",
        "result == (text == text[::-1])",
        constraints=[position("characters are compared from both ends")],
    ),
    "sort in place": spec(
        "sort_in_place(items: list[int]) -> None",
        "result is None",
        "items == sorted(old_items)",
    ),
    "append once": spec(
        "append_once(items: list[int], value: int) -> bool",
        "result or value in items",
        "result == (value not in old_items)",
        "items == (old_items + [value] if result else old_items)",
    ),
    "pop largest": spec(
        "pop_largest(items: list[int]) -> int",
        "len(old_items) > 0",
        "result == max(old_items)",
        "len(items) == len(old_items) - 1",
        effects=[effect("Remove the largest and return it", when="len(items) > 0")],
    ),
    "last index": spec(
        "find_last_index(items: list[int], value: int) -> int",
        "result == -1 or (items[result] == value and value not in items[result + 1:])",
        "(result == -1) == (value not in items)",
        "find_last_index([1, 2, 1], 1) == 2",
        constraints=[loop("last")],
    ),
    "one-based first position": spec(
        "position_of(items: list[int], value: int) -> int",
        "position_of([1, 1, 2], 1) == 1",
        "position_of([2, 1, 1], 1) == 2",
        "position_of([], 1) == 0",
        constraints=[loop("first", "counted from one")],
    ),
    "all indices": spec(
        "indices(items: list[str], value: str) -> list[int]",
        "result == [i for i, item in enumerate(items) if item == value]",
        "indices(['a', 'b', 'a'], 'a') == [0, 2]",
        constraints=[loop("all"), position("in rising order")],
    ),
    "count matches": spec(
        "count_matches(items: list[int], value: int) -> int",
        "result == items.count(value)",
        "count_matches([1, 2, 1], 1) == 2",
        constraints=[loop("all", "every match counts")],
    ),
    "lookup": spec(
        "lookup(pairs: list[tuple[str, int]], key: str) -> int | None",
        "lookup([('a', 1), ('a', 2)], 'a') == 1",
        "lookup([], 'a') is None",
        "any(k == key for k, _ in pairs) or result is None",
        constraints=[loop("first")],
    ),
    "gcd": spec(
        "gcd(a: int, b: int) -> int",
        "a > 0 and b > 0",
        "a % result == 0 and b % result == 0",
        "gcd(12, 18) == 6",
        effects=[
            effect("Ends", when="b == 0"),
            effect("Euclid: the gcd of b and a % b"),
        ],
    ),
    "integer square root": spec(
        "isqrt(n: int) -> int",
        "n >= 0",
        "result * result <= n < (result + 1) * (result + 1)",
    ),
    "isqrt that raises": spec(
        "isqrt(n: int) -> int",
        "isqrt(-1) raises ValueError",
        "isqrt(10) == 3",
        effects=[
            effect("Zero", 0, when="n == 0"),
            effect("The root rounded down", when="n > 0"),
        ],
    ),
    "word lengths": spec(
        "word_lengths(words: list[str]) -> dict[str, int]",
        "all(result[w] == len(w) for w in words)",
        "len(result) == len(set(words))",
    ),
    "swap": spec("swap(pair: tuple[int, str]) -> tuple[str, int]", "result == (pair[1], pair[0])"),
    "unique": spec(
        "unique(items: list[int]) -> list[int]",
        "len(result) == len(set(items))",
        "all(x in items for x in result)",
        "unique([3, 1, 3]) == [3, 1]",
        constraints=[position("first occurrences stay in their order")],
    ),
    "flatten": spec(
        "flatten(rows: list[list[int]]) -> list[int]", "result == [x for row in rows for x in row]"
    ),
    "second largest": spec(
        "second_largest(numbers: list[int]) -> int | None",
        "result is None if len(set(numbers)) < 2 else result == sorted(set(numbers))[-2]",
        effects=[
            effect("Too few", None, when="len(set(numbers)) < 2"),
            effect("The second largest", when="len(set(numbers)) >= 2"),
        ],
    ),
    "age group": spec(
        "age_group(age: int) -> str",
        "0 <= age <= 150",
        effects=[
            effect("Child", "child", when="age < 13"),
            effect("Teen", "teen", when="13 <= age < 20"),
            effect("Adult", "adult", when="age >= 20"),
        ],
    ),
    "leap year": spec(
        "is_leap(year: int) -> bool",
        "result == (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))",
        effects=[
            effect("By 400", True, when="year % 400 == 0"),
            effect("By 100", False, when="year % 100 == 0"),
            effect("By 4", True, when="year % 4 == 0"),
            effect("Else not", False),
        ],
    ),
    "caesar": spec(
        "shift(text: str, by: int) -> str",
        "len(result) == len(text)",
        "shift('abc', 1) == 'bcd'",
        "shift('xyz', 3) == 'abc'",
        "by % 26 != 0 or result == text",
    ),
    "none counts": spec(
        "describe(value: int | None) -> str",
        "describe(None) == 'nothing'",
        "describe(0) == 'zero'",
        effects=[
            effect("Missing", "nothing", when="value is None"),
            effect("Zero", "zero", when="value == 0"),
            effect("A number", "number"),
        ],
    ),
    "steps": spec(
        "normalise(text: str) -> str",
        "result == text.strip().lower()",
        effects=[effect("Strip"), effect("Lower the case"), effect("Return it")],
    ),
    "steps with conditions": spec(
        "collatz_step(n: int) -> int",
        "n > 0",
        "result == (n // 2 if n % 2 == 0 else 3 * n + 1)",
        effects=[
            effect("Halve it", when="n % 2 == 0"),
            effect("Three times and one", when="n % 2 == 1"),
        ],
    ),
    "answers in prose": spec(
        "contains_digit(text: str) -> bool",
        "result == any(c.isdigit() for c in text)",
        effects=[effect("Return True if there is one", True), effect("Return False if not", False)],
    ),
    "membership": spec(
        "is_vowel(char: str) -> bool",
        "result == (char.lower() in ('a', 'e', 'i', 'o', 'u'))",
        "is_vowel('E') is True",
    ),
    "bytes": spec("size(data: bytes) -> int", "result == len(data)"),
    "set result": spec(
        "common(a: list[int], b: list[int]) -> set[int]", "result == set(a) & set(b)"
    ),
    "rounding": spec(
        "to_cents(amount: float) -> int",
        "abs(result - amount * 100) <= 0.5000001",
        "to_cents(1.25) == 125",
    ),
    "mean within range": spec(
        "mean(numbers: list[float]) -> float",
        "len(numbers) > 0",
        "result == sum(numbers) / len(numbers)",
        "min(numbers) <= result <= max(numbers)",
    ),
    "matrix": spec(
        "transpose(rows: list[list[int]]) -> list[list[int]]",
        "transpose([[1, 2], [3, 4]]) == [[1, 3], [2, 4]]",
        "transpose([]) == []",
    ),
    "literal type": spec(
        "traffic(color: Literal['red', 'amber', 'green']) -> Literal['stop', 'go']",
        "traffic('green') == 'go'",
        effects=[effect("Go", "go", when="color == 'green'"), effect("Stop", "stop")],
    ),
    "keyword example": spec(
        "power(base: int, exponent: int) -> int",
        "power(base=2, exponent=3) == 8",
        "power(5, exponent=0) == 1",
    ),
    "condition example": spec(
        "score(text: str) -> float", "score('good') > 0", "score('bad') < 0", "score('') == 0"
    ),
    "exception classes": spec(
        "fetch(key: str) -> str",
        "fetch('') raises KeyError",
        "fetch('') raises LookupError",
        "fetch('a') == 'A'",
        "fetch('b') == 'B'",
    ),
    "equal numbers of two types": spec(
        "total(numbers: list[float]) -> float",
        "total([]) == 0",
        "isinstance(result, (int, float))",
        "result == sum(numbers)",
        effects=[effect("Nothing", 0, when="not numbers"), effect("Their sum")],
    ),
    "guarded access": spec(
        "starts_with_one(items: list[int]) -> bool",
        "result == (len(items) > 0 and items[0] == 1)",
        effects=[
            effect("Empty", False, when="len(items) == 0"),
            effect("One", True, when="items[0] == 1"),
            effect("Other", False),
        ],
    ),
    "unknown type": spec(
        "days_between(start: date, end: date) -> int",
        "start < end or result <= 0",
    ),
    "callable": spec(
        "apply(function: Callable[[int], int], value: int) -> int",
        effects=[effect("Call the function with the value")],
    ),
    "nested answer": spec(
        "split_name(name: str) -> tuple[str, str]",
        "split_name('Ada Lovelace') == ('Ada', 'Lovelace')",
        "split_name('Ada') == ('Ada', '')",
    ),
    "overlap on purpose": spec(
        "ticket_price(age: int, member: bool) -> int",
        "result in (0, 5, 10)",
        "ticket_price(30, True) == 5",
        effects=[
            effect("Children are free", 0, when="age < 6"),
            effect("Members pay half", 5, when="member"),
            effect("Full price", 10),
        ],
    ),
    "any input": spec(
        "truthy(value: Any) -> bool",
        "result == bool(value)",
        effects=[effect("Falsy", False, when="not value"), effect("Truthy", True)],
    ),
}

CORRECT: dict[str, IR] = PHASES | OTHERS
