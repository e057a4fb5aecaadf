#!/usr/bin/env bash
# Builds libopencc 1.4.2 (C++), static, with its configurations and dictionaries,
# from the source distribution published as the Python package `opencc`, and
# prints the environment variables with which the crate `opencc-rust` finds it.
#
#   usage: build-libopencc.sh [PREFIX]          (default: target/libopencc-1.4.2)
#
#   eval "$(benches/peers/build-libopencc.sh)"
#   cargo run --release -p fanjian-peers --features opencc -- --help
#
# A second run finds the finished build and only prints the variables. Progress
# goes to standard error, so that the output can be evaluated by a shell.
#
# Environment:
#   PYTHON         the Python with pip to use (default python3)
#   OPENCC_SDIST   a local copy of opencc-1.4.2.tar.gz, instead of a download
#   JOBS           parallel compiler jobs (default: number of processors)
set -euo pipefail

version=1.4.2
sha256=47977905f131d7d9cfcec29fba5d841154907e1da73103105a4a68744e0f4f1a
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
prefix=${1:-${CARGO_TARGET_DIR:-$here/../../target}/libopencc-$version}
mkdir -p "$prefix"
prefix=$(cd "$prefix" && pwd)
python=${PYTHON:-python3}
jobs=${JOBS:-$(nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)}
stamp=$prefix/.built-$version-$sha256

print_environment() {
    cat <<END
export OPENCC_LIB_DIRS='$prefix/lib'
export OPENCC_INCLUDE_DIRS='$prefix/include'
export OPENCC_LIBS='opencc:marisa'
export OPENCC_STATIC='1'
export OPENCC_DYLIB_STDCPP='1'
export OPENCC_DATA='$prefix/share/opencc'
export PKG_CONFIG_PATH='$prefix/lib/pkgconfig'\${PKG_CONFIG_PATH:+:\$PKG_CONFIG_PATH}
END
}

# The prefix is compiled into the library, so a moved build does not count.
if [[ -f $stamp && $(cat "$stamp") == "$prefix" ]]; then
    print_environment
    exit 0
fi

say() { echo "build-libopencc: $*" >&2; }
work=$prefix/build
rm -rf "$work"
mkdir -p "$work"

# --- CMake: the one on the machine, else a private copy from pip, else apt.
cmake=$(command -v cmake || true)
if [[ -z $cmake ]]; then
    say "no cmake: installing one into $prefix/tools"
    if "$python" -m venv "$prefix/tools" >&2 && "$prefix/tools/bin/pip" install --quiet 'cmake>=3.16' >&2; then
        cmake=$prefix/tools/bin/cmake
    else
        say "pip failed: trying apt-get"
        sudo=
        [[ $(id -u) == 0 ]] || sudo=sudo
        $sudo apt-get update -qq >&2
        $sudo apt-get install -y -qq --no-install-recommends cmake make g++ >&2
        cmake=$(command -v cmake)
    fi
fi

# --- The source. `pip download` would compile the package for its metadata, so
# pip is only asked where the file is (with its configured index, certificate
# and proxy) and to fetch that one file.
archive=$work/opencc-$version.tar.gz
if [[ -n ${OPENCC_SDIST:-} ]]; then
    cp "$OPENCC_SDIST" "$archive"
else
    say "downloading opencc-$version.tar.gz"
    "$python" - "$version" "$archive" >&2 <<'END'
import sys

from pip._internal.commands.download import DownloadCommand
from pip._internal.network.utils import HEADERS

version, target = sys.argv[1:]
command = DownloadCommand("download", "download one source distribution")
options, _ = command.parse_args(["--no-binary", "opencc", "opencc"])
with command.main_context():
    session = command.get_default_session(options)
    finder = command._build_package_finder(options=options, session=session)
    wanted = f"opencc-{version}.tar.gz"
    for candidate in finder.find_all_candidates("opencc"):
        if candidate.link.filename.lower() == wanted:
            break
    else:
        sys.exit(f"{wanted} is not in the package index")
    response = session.get(candidate.link.url_without_fragment, headers=HEADERS)
    response.raise_for_status()
    with open(target, "wb") as file:
        file.write(response.content)
END
fi
"$python" - "$archive" "$sha256" >&2 <<'END'
import hashlib, sys

path, wanted = sys.argv[1:]
with open(path, "rb") as file:
    found = hashlib.sha256(file.read()).hexdigest()
if found != wanted:
    sys.exit(f"{path}: sha256 is {found}, not {wanted}")
END
mkdir "$work/source"
tar -xzf "$archive" -C "$work/source" --strip-components=1

# --- Build and install. Git is switched off because the version would else be
# read from the tags of whatever repository encloses the prefix.
say "compiling (a few minutes)"
{
    "$cmake" -S "$work/source" -B "$work/cmake" \
        -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_INSTALL_PREFIX="$prefix" \
        -DCMAKE_INSTALL_LIBDIR=lib \
        -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
        -DCMAKE_DISABLE_FIND_PACKAGE_Git=ON \
        -DBUILD_SHARED_LIBS=OFF \
        -DBUILD_TESTING=OFF \
        -DBUILD_PYTHON=OFF \
        -DBUILD_DOCUMENTATION=OFF \
        -DENABLE_GTEST=OFF \
        -DENABLE_BENCHMARK=OFF \
        -DBUILD_OPENCC_JIEBA_PLUGIN=OFF \
        -DOPENCC_DICT_FORMAT=ocd2 \
        -DPython3_EXECUTABLE="$(command -v "$python")"
    "$cmake" --build "$work/cmake" --parallel "$jobs"
    "$cmake" --install "$work/cmake"
} >"$work/log" 2>&1 || {
    tail -n 40 "$work/log" >&2
    say "failed; the whole log is in $work/log"
    exit 1
}

for file in lib/libopencc.a lib/libmarisa.a lib/pkgconfig/opencc.pc include/opencc/opencc.h \
    share/opencc/s2t.json share/opencc/STPhrases.ocd2; do
    [[ -f $prefix/$file ]] || {
        say "$prefix/$file is missing"
        exit 1
    }
done
mv "$work/log" "$prefix/build.log"
rm -rf "$work"
echo "$prefix" >"$stamp"
say "done: $("$prefix/bin/opencc" --version 2>/dev/null | tr -s '\n' ' ' || echo "$prefix")"
print_environment
