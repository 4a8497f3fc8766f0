"""Writes the Spark settings of the local cloud's Glue jobs. Arguments: folder to write them to, folder for
Spark's temporary files, folder of the jars. Runs on the local cloud's Python, the jobs do not."""

import sys
from pathlib import Path

from localcloud.glue.spark import write_configuration

if __name__ == "__main__":
    folder, home, jars = map(Path, sys.argv[1:])
    # No job of the benchmark speaks to S3.
    write_configuration(folder, "http://127.0.0.1:9", home, jars)
