#!/usr/bin/env bash
# Compares fanjian with OpenCC 1.4.2 itself, byte for byte, on all sixteen configurations.
#
#   usage: scripts/oracle.sh [OPTIONS OF oracle.py]
#
#   scripts/oracle.sh                        everything; some ten minutes
#   scripts/oracle.sh --random 2000          a quick look
#   scripts/oracle.sh --config s2twp --seed 7
#
# It makes a virtual environment in $ORACLE_VENV (default: target/oracle-venv) and installs PyPI opencc==1.4.2
# there; nothing is compiled but our own example. The published cases come from the package's source
# distribution, which is fetched once and checked, or taken from $OPENCC_SDIST (the archive, or the unpacked folder).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
venv=${ORACLE_VENV:-$target/oracle-venv}
python=${PYTHON:-python3}

if [[ ! -x $venv/bin/python ]]; then
    "$python" -m venv "$venv"
fi
if ! "$venv/bin/python" -c 'import opencc, sys; sys.exit(opencc.__version__ != "1.4.2")' 2>/dev/null; then
    "$venv/bin/pip" install --quiet --only-binary :all: 'opencc==1.4.2'
fi
cargo build --quiet --release --manifest-path "$root/Cargo.toml" --package fanjian --example oracle

exec "$venv/bin/python" "$root/scripts/oracle.py" \
    --binary "$target/release/examples/oracle" --work "$target/oracle" \
    ${OPENCC_SDIST:+--sdist "$OPENCC_SDIST"} "$@"
