#!/usr/bin/env bash
# The benchmark checks of CI: instruction counts against a baseline, ratios to a peer, sizes against budgets.
#
#   benches/check.sh            check all
#   benches/check.sh update     write the instruction counts of this build as the new baseline
#
# Needs valgrind. The baseline belongs to a toolchain: a new compiler moves it, and `update` is the answer then.
set -euo pipefail
cd "$(dirname "$0")/.."
baseline=benches/baseline.tsv
routes=(s2t t2s s2twp tw2sp s2hk hk2s t2tw cn-tw cn-hk tw-cn hk-tw)
target=$(cargo metadata --format-version 1 --no-deps | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')

binary=$(cargo bench --bench instructions --no-run --message-format json 2>/dev/null |
    sed -n 's/.*"executable":"\([^"]*instructions[^"]*\)".*/\1/p' | tail -n 1)

count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect='*measured_conversion*' \
        "$binary" "$1" 2>&1 | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

if [ "${1:-}" = update ]; then
    {
        printf '# Instructions of one conversion of the article, by route; written by benches/check.sh update.\n'
        printf '# %s\n' "$(rustc --version)"
        for route in "${routes[@]}"; do printf '%s\t%s\n' "$route" "$(count "$route")"; done
    } > "$baseline"
    cat "$baseline"
    exit 0
fi

failed=0
printf '== instructions per article, at most +3 %% over %s\n' "$baseline"
for route in "${routes[@]}"; do
    now=$(count "$route")
    was=$(awk -F'\t' -v r="$route" '$1 == r { print $2 }' "$baseline")
    verdict=ok
    if [ -z "$was" ] || [ "$((now * 100))" -gt "$((was * 103))" ]; then
        verdict='TOO MANY (benches/check.sh update, if it is meant)'
        failed=1
    fi
    printf '%-8s %10s  baseline %10s  %s\n' "$route" "$now" "${was:-none}" "$verdict"
done

printf '== sizes\n'
size() { # name, bytes, budget
    verdict=ok
    if [ "$2" -gt "$3" ]; then verdict='TOO LARGE'; failed=1; fi
    printf '%-28s %10s  budget %10s  %s\n' "$1" "$2" "$3" "$verdict"
}
cargo build --quiet --release --example convert
out=$(ls -td "$target"/release/build/fanjian-*/out | head -n 1)
# Only what the library embeds: a build folder also holds what earlier builds left there.
embedded=$(grep -o 'embed!("[^"]*")' "$out/lexicons.rs" | sed 's/.*"\(.*\)".*/\1/' | sort -u)
size 'embedded data' "$(cd "$out" && cat $embedded regions.fst | wc -c)" 4194304
cp "$target/release/examples/convert" "$target/convert-stripped"
strip "$target/convert-stripped"
size 'stripped example' "$(wc -c < "$target/convert-stripped")" 7340032

printf '== ratios to a peer in the same run\n'
cargo build --quiet --release --package fanjian-peers --no-default-features --features zhconv
"$target/release/peers" --check benches/bars.tsv --rounds 30 --first 0 || failed=1
exit "$failed"
