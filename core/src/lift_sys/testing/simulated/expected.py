"""What must come out, in closed form."""


def pass_rate(success: float, n: int, *, copies: float = 0.0) -> float:
    """How likely one of n draws from one prompt is right, which a perfect check then finds.

    A draw is right with the chance `success`, and a copy of what comes first to the model's mind
    with the chance `copies`; that is right with the chance `success` too.
    """
    fresh_miss = (1 - copies) * (1 - success)
    lucky = 1 - fresh_miss**n
    unlucky = 1 - (copies + fresh_miss) ** n
    return success * lucky + (1 - success) * unlucky
