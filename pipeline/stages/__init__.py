"""The stages that DVC runs, one module each: read, call, write, and one line that says what came out."""

import sys
from collections.abc import Callable
from pathlib import Path

from pipeline.errors import StanceError
from pipeline.paths import Paths


def run_stage(main: Callable[[Paths], str]) -> None:
    """Run the `main` of a stage in the working directory and print its closing line; a user's mistake is one line on stderr."""
    try:
        print(main(Paths(Path.cwd())))
    except ModuleNotFoundError as error:
        print(f"error: the stages need {error.name}: run `pip install 'stance-signals[pipeline]'`", file=sys.stderr)
        sys.exit(1)
    except StanceError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
