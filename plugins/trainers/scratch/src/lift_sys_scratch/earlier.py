"""The training that another one begins with."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lift_sys.data.dialect import Vocabulary
from lift_sys.errors import InputError

from .checkpoint import CHECKPOINT, network_of
from .kept_files import read_vocabulary
from .network import Network, sizes

REMEDY = "name the `folder` of a training as `start_from`, with its checkpoint and its vocabulary"


@dataclass(frozen=True, slots=True)
class Earlier:
    network: Network
    vocabulary: Vocabulary

    @classmethod
    def of(cls, folder: Path, shape: str) -> "Earlier":
        """Raises InputError where it is none, or of another shape."""
        checkpoint = folder / CHECKPOINT
        if not checkpoint.exists():
            raise InputError(
                f"there is no training to start from in {folder}: it has no {CHECKPOINT}",
                remedy=REMEDY,
            )
        network, _ = network_of(checkpoint)
        spoken = read_vocabulary(folder, REMEDY)
        if network.shape.vocabulary != len(spoken):
            raise InputError(
                f"the vocabulary in {folder} is not that of its checkpoint", remedy=REMEDY
            )
        if network.shape != sizes(len(spoken))[shape]:
            names = [name for name, each in sizes(len(spoken)).items() if each == network.shape]
            raise InputError(
                f"the training in {folder} has another shape than {shape}",
                remedy=f"give `shape: {names[0]}`" if names else "start from another one",
            )
        return cls(network, spoken)

    def handed_to(self, network: Network, meanings: Sequence[tuple[str, ...]]) -> None:
        """All that it learnt, to one whose tokens mean these."""
        network.take_over(self.network, self.vocabulary.meanings, meanings)
