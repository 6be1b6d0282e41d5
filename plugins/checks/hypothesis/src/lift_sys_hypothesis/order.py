"""What is asked of the generator, as it travels to the generator's process."""

from lift_sys.ir import Frozen


class Bounds(Frozen):
    """What a value is known to keep to; None: nothing is known."""

    low: float | None = None
    high: float | None = None
    shortest: int = 0
    longest: int | None = None
    each: "Bounds | None" = None
    """The same of its members."""

    def within(self, other: "Bounds") -> "Bounds":
        """Both at once."""
        lows = [low for low in (self.low, other.low) if low is not None]
        highs = [high for high in (self.high, other.high) if high is not None]
        most = [longest for longest in (self.longest, other.longest) if longest is not None]
        inner = self.each.within(other.each) if self.each and other.each else None
        return Bounds(
            low=max(lows, default=None),
            high=min(highs, default=None),
            shortest=max(self.shortest, other.shortest),
            longest=min(most, default=None),
            each=inner or self.each or other.each,
        )


class Parameter(Frozen):
    type: str
    bounds: Bounds = Bounds()


class Order(Frozen):
    """So many argument lists for these parameters; for the same order, the same ones."""

    parameters: tuple[Parameter, ...]
    integers: tuple[int, ...] = ()
    """Named in the specification or the code, as the floats and strings are: programs are wrong
    around them."""
    floats: tuple[float, ...] = ()
    strings: tuple[str, ...] = ()
    seed: int = 0
    count: int = 100
