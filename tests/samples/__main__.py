"""Write the sample workbooks: python -m tests.samples [FOLDER]."""

import sys
from pathlib import Path

from tests.samples.write import write_samples

write_samples(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("data/sample"))
