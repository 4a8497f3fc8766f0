"""How Spark is set up here: small tables, two cores, S3 at the endpoint of the instance.

The measured reasons: shuffle partitions 200 -> 4 and snapshot partitions 50 -> 2 are 7.8x and 1.7x less
CPU on small tables; what the compilers do is beside their options.
"""

import os
import subprocess
from pathlib import Path

from localcloud.toolchain import Toolchain
from localcloud.wire import ACCESS_KEY, REGION, SECRET_KEY

RUNTIME = Path(__file__).parent / "runtime"

_LOGGING = """\
rootLogger.level = warn
rootLogger.appenderRef.stderr.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n
"""

_SETTINGS = {
    "spark.master": "local[2]",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.memory": "2g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    # C2 compiles what has become 40 times as hot as by default. Beside other work a million lines took 55
    # instead of 102 CPU seconds in a warm JVM than with C1 alone, 107 instead of 123 in a new one; an idle
    # session takes 16 instead of 12, and 20 with the default. Compiled code and generated classes are kept: a
    # JVM that stays warm fills what they get by default.
    "spark.driver.extraJavaOptions": (
        "-XX:+UseSerialGC -XX:ReservedCodeCacheSize=256m -Duser.timezone=UTC "
        "-XX:Tier4InvocationThreshold=200000 -XX:Tier4MinInvocationThreshold=24000 "
        "-XX:Tier4CompileThreshold=600000 -XX:Tier4BackEdgeThreshold=1600000"
    ),
    "spark.sql.codegen.cache.maxEntries": "2000",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "4",
    "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
    "spark.hadoop.fs.s3a.endpoint.region": REGION,
    "spark.hadoop.fs.s3a.path.style.access": "true",
    "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
    "spark.hadoop.fs.s3a.aws.credentials.provider": "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
    "spark.hadoop.fs.s3a.access.key": ACCESS_KEY,
    "spark.hadoop.fs.s3a.secret.key": SECRET_KEY,
    "spark.hadoop.fs.s3a.fast.upload.buffer": "bytebuffer",
    "spark.hadoop.fs.s3a.attempts.maximum": "3",
    "spark.hadoop.fs.s3a.retry.limit": "3",
    # Parquet is read by ranges, of so much at least. What is read from begin to end comes as one answer for a
    # split: a gigabyte took 1.13 to 1.21 times as long as from a folder, and 1.31 to 1.39 times where all was
    # read by ranges (fs.s3a.experimental.input.fadvise; npm run bench:cloud).
    "spark.hadoop.fs.s3a.readahead.range": "2M",
}


def write_configuration(folder: Path, endpoint: str, home: Path, jars: Path) -> None:
    """Write spark-defaults.conf and the logging set-up into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        **_SETTINGS,
        "spark.driver.extraClassPath": f"{jars}/*",
        "spark.hadoop.fs.s3a.endpoint": endpoint,
        "spark.hadoop.fs.s3a.buffer.dir": str(home / "tmp" / "s3a"),
        "spark.hadoop.hadoop.tmp.dir": str(home / "tmp" / "hadoop"),
        "spark.local.dir": str(home / "tmp" / "spark"),
        "spark.sql.warehouse.dir": str(home / "tmp" / "warehouse"),
    }
    lines = "".join(f"{name} {value}\n" for name, value in settings.items())
    (folder / "spark-defaults.conf").write_text(lines)
    (folder / "log4j2.properties").write_text(_LOGGING)


def spark_home(glue_python: Path) -> Path:
    """Where the Spark of the job's Python is."""
    find = "import importlib.util as u; print(u.find_spec('pyspark').submodule_search_locations[0])"
    done = subprocess.run([glue_python, "-c", find], capture_output=True, text=True, check=True)
    return Path(done.stdout.strip())


def delta_packages(jars: Path) -> list[str]:
    """The jars that hold Delta's Python package."""
    return [str(jar) for jar in sorted(jars.glob("delta-spark_*.jar"))]


def environment(toolchain: Toolchain, configuration: Path) -> dict[str, str]:
    """The environment of everything that runs Spark."""
    return {
        **os.environ,
        "JAVA_HOME": str(toolchain.java_home),
        "PATH": f"{toolchain.java_home / 'bin'}:{os.environ.get('PATH', '')}",
        "SPARK_HOME": str(spark_home(toolchain.glue_python)),
        "SPARK_CONF_DIR": str(configuration),
        "PYSPARK_PYTHON": str(toolchain.glue_python),
        "PYTHONNOUSERSITE": "1",
        "PYTHONUNBUFFERED": "1",
    }
