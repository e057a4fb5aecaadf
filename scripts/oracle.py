"""Compares fanjian's OpenCC routes with OpenCC 1.4.2 itself; run it through `scripts/oracle.sh`.

For each configuration, with the tofu-risk tables and without, the outputs must be equal byte for byte on

 tables    every key and every value of every table that OpenCC ships
 random    seeded concatenations of keys, values, parts of keys, common characters and hostile pieces
 corpora   the articles of `benches/corpora`, whole and line by line
 hostile   compatibility ideographs, description sequences, variation selectors, combining marks, characters
           outside the basic plane, controls, very long lines

and OpenCC's published cases (`test/testcases/testcases.json` of the source distribution) must come out as printed
there. NUL is in no input: OpenCC's C interface ends at it. Exit code: 0 if there is no difference, else 1.
"""

import argparse
import hashlib
import json
import random
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import opencc

VERSION = "1.4.2"
SHA256 = "47977905f131d7d9cfcec29fba5d841154907e1da73103105a4a68744e0f4f1a"
CONFIGS = "s2t s2tw s2twp s2hk s2hkp t2s tw2s tw2sp hk2s hk2sp t2tw tw2t t2hk hk2t t2jp jp2t".split()
ROOT = Path(__file__).resolve().parent.parent
# Records that go to a converter at once; more only cost memory.
BATCH = 50_000

# Characters of daily texts: between keys they make gaps of ordinary words.
COMMON = (
    "的一是了不在人有我他这这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没"
    "日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美"
    "點實說話學習開關無為國會時個們來對過還這麼樣從後種經當應長間問題體麵髮裡裏臺台著着乾幹並併準制製復複覆"
)
ASCII = "aBSUQLPNCO 0,.·\"'<>&\\/\t"
PUNCTUATION = "。，、；：？！「」『』“”‘’（）《》—…　"

# Pieces that break converters.
HOSTILE = [
    # Compatibility ideographs, of the basic plane and of the supplement, alone and beside what they are compatible with.
    "豈", "更", "車", "賈", "滑", "樂", "里", "度", "欄", "飯", "館", "鶴", "丽", "你", "裗", "𪘀", "﨎", "﨏",
    # Ideographic description sequences: complete, nested, broken off.
    "⿰", "⿱⿰虫风里", "⿳一二三", "⿰发", "⿲后里发", "⿰豈更", "⿻台只", "⿰⿱发里后", "⿴", "⿰虫⿰", "⿾发", "⿿里", "㇯后里", "〾发",
    # Variation selectors: standardised, emoji, ideographic.
    "发\ufe00", "后\ufe0e", "里\ufe0f", "发\U000e0100", "葛\U000e0101", "辻\U000e0101里", "\ufe00", "\U000e01ef", "豈\ufe00",
    # Combining marks and what else joins.
    "发\u0301", "里\u3099", "\u0301", "\u20dd", "台\u20e3", "e\u0301", "か\u3099", "\u200d", "\u200b", "\u2060", "\ufeff",
    # Outside the basic plane.
    "𠮷", "𪚥", "𫝈", "㑮", "𡞵", "𠗣", "𰻝", "👩\u200d👩\u200d👧", "🇹🇼", "𝒳", "\U0010ffff", "\ue000", "\U000f0000",
    # Controls; bidirectional marks; line ends of all kinds.
    "\u0001", "\u001b[0m", "\u007f", "\u0085", "\u2028", "\u2029", "\r", "\n", "\r\n", "\t", "\u202e", "\u2066",
    # Other scripts.
    "é", "ß", "か", "カ", "ｶ", "々", "〇", "가", "각", "ن", "ก็", "Ａ１", "①", "㍿", "㋀", "⼀", "⺀", "⽇",
]


def tables(folder):
    """All keys and values of OpenCC's text tables, and of what its build derives from them."""
    out = set()
    for path in sorted(folder.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line and not line.startswith("#"):
                key, _, rest = line.partition("\t")
                out.add(key)
                out.update(rest.partition("\t")[0].split(" "))
    out.discard("")
    simplify = opencc.OpenCC("t2s")
    out.update([simplify.convert(text) for text in sorted(out)])
    return sorted(out)


def random_texts(rng, count, keys, chars):
    # Keys are drawn evenly by first character too: the two thousand phrases that begin with 一 are not all of Chinese.
    by_first = {}
    for key in keys:
        by_first.setdefault(key[0], []).append(key)
    firsts = sorted(by_first)

    def piece():
        dice = rng.random()
        if dice < 0.40:
            return rng.choice(keys)
        if dice < 0.55:
            return rng.choice(by_first[rng.choice(firsts)])
        if dice < 0.65:  # a part of a key: what nearly matches
            key = rng.choice(keys)
            start = rng.randrange(len(key))
            return key[start : rng.randint(start, len(key))]
        if dice < 0.80:
            return rng.choice(COMMON)
        if dice < 0.90:
            return rng.choice(chars)
        if dice < 0.94:
            return rng.choice(ASCII)
        if dice < 0.97:
            return rng.choice(PUNCTUATION)
        return rng.choice(HOSTILE)

    return ["".join(piece() for _ in range(rng.randint(1, 12))) for _ in range(count)]


def corpora():
    out = []
    for path in sorted((ROOT / "benches/corpora").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        out.append(text)
        out.extend(text.split("\n"))
    return out


def hostile(rng, keys, articles):
    out = list(HOSTILE)
    # Every compatibility ideograph, alone and between characters that make phrases.
    blocks = [*range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20), *range(0x2E80, 0x2FE0), *range(0x31C0, 0x31F0)]
    out += [chr(c) for c in blocks]
    out += [f"头{chr(c)}发{chr(c)}里" for c in blocks]
    # Every code point that a table might touch, so that no cell is ever wrong by itself.
    out += ["".join(map(chr, range(start, start + 64))) for start in range(1, 0x3400, 64)]
    for start, end in [(0x3400, 0xD800), (0xE000, 0x10000), (0x1F000, 0x1FB00), (0x20000, 0x32400), (0xE0000, 0xE0200)]:
        out += ["".join(map(chr, range(at, min(at + 64, end)))) for at in range(start, end, 64)]
    # A piece at every place of a key.
    for piece in HOSTILE:
        for key in rng.sample(keys, 12):
            at = rng.randint(0, len(key))
            out += [key[:at] + piece + key[at:], piece + key, key + piece, piece * 3]
    # Very long lines: one character, one phrase, everything; and a phrase at every distance from the end.
    article = "".join(articles)
    out += ["发" * 100_000, "头发" * 50_000, "⿰" * 5_000, "豈" * 50_000, "a" * 100_000, "\u0301" * 10_000, "𠮷" * 20_000]
    out += [article.replace("\n", ""), article, article[::-1]]
    out += [("a" * n) + "头发里面" + ("b" * m) for n in range(20) for m in range(20)]
    out += [("后" * n) + "鼠標裡頭髮" for n in range(70)]
    return out


def ours(binary, config, tofu, texts):
    got = []
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        command = [str(binary), config] + (["--tofu"] if tofu else [])
        data = ("\0".join(batch) + "\0").encode()
        done = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True)
        records = done.stdout.decode().split("\0")[:-1]
        if len(records) != len(batch):
            sys.exit(f"{config}: {len(batch)} records in, {len(records)} out")
        got += records
    return got


def show(text):
    text = text if len(text) <= 120 else f"{text[:120]}… ({len(text)} characters)"
    return "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in text)


def compare(binary, config, groups, limit):
    differences = 0
    for tofu in (False, True):
        oracle = opencc.OpenCC(config, include_tofu_risk_dictionaries=tofu)
        for name, texts in groups.items():
            expected = [oracle.convert(text) for text in texts]
            got = ours(binary, config, tofu, texts)
            wrong = [row for row in zip(texts, expected, got) if row[1] != row[2]]
            differences += len(wrong)
            label = f"{config}{' --tofu' if tofu else ''}"
            print(f"{label:12} {name:8} {len(texts):8} records {len(wrong):6} differences", flush=True)
            for text, want, have in wrong[:limit]:
                print(f"    input  {show(text)}\n    OpenCC {show(want)}\n    ours   {show(have)}")
    return differences


def published(binary, sdist, configs, limit):
    # OpenCC's own test runs them with the tofu-risk tables.
    text = (sdist / "test/testcases/testcases.json").read_text(encoding="utf-8")
    cases = json.loads(re.sub(r",(\s*[}\]])", r"\1", text))["cases"]
    total = wrong = 0
    for config in configs:
        rows = [case for case in cases if config in case["expected"]]
        for case, got in zip(rows, ours(binary, config, True, [case["input"] for case in rows]) if rows else []):
            total += 1
            if got != case["expected"][config]:
                wrong += 1
                if wrong <= limit:
                    print(f"    {case['id']} {config}\n    input  {show(case['input'])}")
                    print(f"    wanted {show(case['expected'][config])}\n    ours   {show(got)}")
    print(f"published cases: {total} expectations, {wrong} differences", flush=True)
    return wrong


def fetch(archive):
    """Fetches the source distribution: pip is asked where it is, because `pip download` would compile it."""
    from pip._internal.commands.download import DownloadCommand
    from pip._internal.network.utils import HEADERS

    command = DownloadCommand("download", "download one source distribution")
    options, _ = command.parse_args(["--no-binary", "opencc", "opencc"])
    with command.main_context():
        session = command.get_default_session(options)
        finder = command._build_package_finder(options=options, session=session)
        wanted = f"opencc-{VERSION}.tar.gz"
        links = [c.link for c in finder.find_all_candidates("opencc") if c.link.filename.lower() == wanted]
        if not links:
            sys.exit(f"{wanted} is not in the package index")
        response = session.get(links[0].url_without_fragment, headers=HEADERS)
        response.raise_for_status()
        archive.write_bytes(response.content)


def unpacked(path, work):
    """The folder of the source distribution, from a folder, an archive, or the package index."""
    if path and path.is_dir():
        return path
    archive = path or work / f"opencc-{VERSION}.tar.gz"
    if not archive.exists():
        fetch(archive)
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != SHA256:
        sys.exit(f"{archive}: sha256 is {found}, not {SHA256}")
    folder = work / f"opencc-{VERSION}"
    if not folder.exists():
        with tarfile.open(archive) as tar:
            tar.extractall(work, filter="data")
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, required=True, help="our example `oracle`")
    parser.add_argument("--work", type=Path, required=True, help="a folder for what is fetched")
    parser.add_argument("--sdist", type=Path, help="opencc-1.4.2.tar.gz, or the folder it unpacks to")
    parser.add_argument("--config", action="append", choices=CONFIGS, help="only this configuration; may be repeated")
    parser.add_argument("--random", type=int, default=200_000, help="random texts per configuration (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the random texts (default %(default)s)")
    parser.add_argument("--show", type=int, default=5, help="differences to print per group (default %(default)s)")
    args = parser.parse_args()
    if opencc.__version__ != VERSION:
        sys.exit(f"the oracle is OpenCC {opencc.__version__}, not {VERSION}")
    args.work.mkdir(parents=True, exist_ok=True)
    sdist = unpacked(args.sdist, args.work)
    configs = args.config or CONFIGS

    keys = tables(sdist / "data/dictionary")
    chars = sorted({c for key in keys for c in key})
    articles = corpora()
    differences = 0
    for config in configs:
        rng = random.Random(f"{args.seed} {config}")
        groups = {
            "tables": keys,
            "random": random_texts(rng, args.random, keys, chars),
            "corpora": articles,
            "hostile": hostile(rng, keys, articles),
        }
        for texts in groups.values():
            assert not any("\0" in text for text in texts)
        differences += compare(args.binary, config, groups, args.show)
    differences += published(args.binary, sdist, configs, args.show)
    print("no difference" if differences == 0 else f"{differences} differences")
    sys.exit(differences != 0)


if __name__ == "__main__":
    main()
