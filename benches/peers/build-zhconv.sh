#!/usr/bin/env bash
# Builds the crate zhconv with other data than its default as shared libraries,
# which `peers` then measures as `zhconv-opencc` and `zhconv-both`.
#
#   usage: build-zhconv.sh [DIRECTORY]     (default: target/zhconv, where peers looks)
#
# For another directory set ZHCONV_LIBRARIES to it when running peers.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=${CARGO_TARGET_DIR:-$here/../../target}
directory=${1:-$target/zhconv}
mkdir -p "$directory"
# Not in the target directory of the main workspace, for the two would wait for
# each other's lock.
build=$target/zhconv-build

variant() {
    local name=$1 file
    shift
    CARGO_TARGET_DIR=$build cargo build --release --quiet \
        --manifest-path "$here/zhconv-data/Cargo.toml" "$@"
    for file in "$build"/release/libfanjian_peers_zhconv_data.{so,dylib}; do
        [[ ! -f $file ]] || cp "$file" "$directory/zhconv-$name.${file##*.}"
    done
}

variant opencc
variant opencc-twp --features twp
variant both --features mediawiki
ls -l "$directory" >&2
