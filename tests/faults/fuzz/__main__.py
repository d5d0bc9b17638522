"""`python -m tests.faults.fuzz TARGET`: search one target in a process of its own, and clean up."""

import argparse
import os
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

TARGETS = ("scanner", "codes", "lines", "till")
# How long one input may take before it counts as a hang; a busy machine takes some seconds.
HANG_S = 120


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.fuzz")
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, help="keep what was found here, and start from it")
    parser.add_argument("--input", type=bytes.fromhex, metavar="HEX", help="run one input only")
    asked = parser.parse_args()
    if asked.input is not None:
        import_module(f"tests.faults.fuzz.{asked.target}").one(asked.input)
        return 0
    with tempfile.TemporaryDirectory(prefix="kpos-fuzz-") as scratch:
        return search(asked.target, asked.runs, asked.seed, asked.corpus, Path(scratch))


def search(target: str, runs: int, seed: int, corpus: Path | None, scratch: Path) -> int:
    """Run libFuzzer; what broke an invariant is said as a command that does it again."""
    seeds = scratch / "seeds"
    seeds.mkdir()
    module = import_module(f"tests.faults.fuzz.{target}")
    for number, data in enumerate(module.SEEDS):
        (seeds / str(number)).write_bytes(data)
    if corpus is not None:
        corpus.mkdir(parents=True, exist_ok=True)
    corpora = [str(folder) for folder in (corpus, seeds) if folder is not None]
    options = [
        f"-runs={runs}",
        f"-seed={seed}",
        f"-max_len={module.BYTES_MAX}",
        f"-timeout={HANG_S}",
        f"-artifact_prefix={scratch}/found-",
        "-print_final_stats=1",
    ]
    # What a killed till leaves behind goes with the scratch folder.
    surroundings = os.environ | {"TMPDIR": str(scratch)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.fuzz.engine", target, *options, *corpora],
        check=False,
        env=surroundings,
    )
    for found in scratch.glob("found-*"):
        again = f"{Path(sys.executable).name} -m tests.faults.fuzz {target} --input"
        sys.stderr.write(f"\nDo it again: {again} {found.read_bytes().hex()}\n")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
