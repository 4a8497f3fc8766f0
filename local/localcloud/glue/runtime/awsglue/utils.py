"""Job arguments as AWS Glue gives them to a script.

https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-crawler-pyspark-extensions-get-resolved-options.html
"""

import argparse
from collections.abc import Sequence
from typing import NoReturn

_GIVEN_BY_GLUE = ("JOB_NAME", "JOB_RUN_ID", "job_bookmark_option", "TempDir")


class GlueArgumentError(Exception):
    """An argument that the script asks for was not given."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise GlueArgumentError(message)


def getResolvedOptions(args: Sequence[str], options: Sequence[str]) -> dict[str, str]:
    """The values of ``options`` in ``sys.argv``; others are ignored, a missing one is a GlueArgumentError."""
    parser = _Parser(allow_abbrev=False, add_help=False)
    for name in options:
        parser.add_argument(f"--{name}", required=True)
    for name in _GIVEN_BY_GLUE:
        if name not in options:
            parser.add_argument(f"--{name}")
    known, _ = parser.parse_known_args(list(args[1:]))
    return {name: value for name, value in vars(known).items() if value is not None}
