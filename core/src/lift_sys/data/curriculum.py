"""What is taught changes, and data that was made stays what it was: each change has a number.

1: the families and wordings that the suites are made from too. 2: wordings in other styles,
functions composed of two pieces of 1, and the categories in turn. 3: wordings as many different
people would put it, with other words for the same conditions, and further compositions.
"""

from typing import Final, Literal

Curriculum = Literal[1, 2, 3]
LATEST: Final[Curriculum] = 3
