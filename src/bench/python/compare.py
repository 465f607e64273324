#!/usr/bin/env python3
"""compare.py BEFORE.json AFTER.json: fails if Galerne lost more than 10 % against a peer.

Both files are results of `mvn -Pbench verify` (target/bench/bench.json). Rates of two runs can't be
compared, so each is divided by the peer's of its own run.
"""
import json
import sys

LOSS_MAX = 0.10


def ratios(path):
    with open(path, encoding="utf-8") as file:
        rows = json.load(file)
    rates = {(row["engine"], row["threads"], row["work"]): row["tokensPerSecond"] for row in rows}
    return {
        (peer, threads, work): rates["Galerne", threads, work] / rate
        for (peer, threads, work), rate in rates.items()
        if peer != "Galerne" and ("Galerne", threads, work) in rates
    }


def main(before_path, after_path):
    before, after = ratios(before_path), ratios(after_path)
    common = sorted(before.keys() & after.keys())
    if not common:
        sys.exit("nothing to compare: no work was measured beside the same peer in both")
    lost = []
    for key in common:
        change = after[key] / before[key] - 1
        peer, threads, work = key
        print(f"{work}, {threads} threads, to {peer}: {before[key]:.2f} -> {after[key]:.2f} ({change:+.1%})")
        if change < -LOSS_MAX:
            lost.append(key)
    missing = before.keys() - after.keys()
    for peer, threads, work in sorted(missing):
        print(f"{work}, {threads} threads, to {peer}: no longer measured")
    if lost or missing:
        sys.exit(f"{len(lost)} lost more than {LOSS_MAX:.0%}, {len(missing)} not measured")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
