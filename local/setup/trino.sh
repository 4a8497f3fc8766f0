#!/usr/bin/env bash
# Fetches the Trino of tests/local/test_queries_on_trino.py into .tools, or a folder that is given.
# Athena's engine 3 takes Trino's changes over as they come and names no release. 476 is the newest whose server is on
# Maven Central; it needs Java 24 or newer.
set -euo pipefail
folder=${1:-$(cd "$(dirname "$0")/../.." && pwd)/.tools}
name=trino-server-476
mvn --batch-mode --quiet --strict-checksums dependency:copy -Dartifact=io.trino:trino-server:476:tar.gz -DoutputDirectory="$folder"
echo "cfd5accde17e8ebd251eeeb78aed1f490e77bb3a164d95a0f454bf8a7c1cbd3f  $folder/$name.tar.gz" | sha256sum --check --quiet
tar -xzf "$folder/$name.tar.gz" -C "$folder"
rm "$folder/$name.tar.gz"
echo "TRINO_HOME=$folder/$name"
