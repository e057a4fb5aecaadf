#!/usr/bin/env bash
# Fuzzes under AddressSanitizer, with the stable toolchain and without further tools; `cargo +nightly fuzz run TARGET` does the same.
#
#   fuzz/run.sh SECONDS [TARGET...]     each target for so long; all of them by default
#
# What was found to be worth keeping stays in fuzz/corpus/TARGET, an input that fails in fuzz/artifacts/TARGET.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:?how many seconds for each target}
shift
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(convert stream words tables protect)
host=$(rustc -vV | sed -n 's/host: //p')

# The flags of cargo-fuzz: edges are counted, comparisons traced. A toolchain that is not nightly has to be asked for them.
export RUSTC_BOOTSTRAP=1 ASAN_OPTIONS=detect_odr_violation=0
export RUSTFLAGS="-Zsanitizer=address -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Ccodegen-units=1"
# With a target named, the flags are not for build scripts.
cargo build --release --target "$host"
for target in "${targets[@]}"; do
    mkdir -p "corpus/$target" "artifacts/$target"
    "target/$host/release/$target" "corpus/$target" -artifact_prefix="artifacts/$target/" -max_total_time="$seconds" \
        -max_len=2048 -timeout=20 -rss_limit_mb=4096 -print_final_stats=1
done
