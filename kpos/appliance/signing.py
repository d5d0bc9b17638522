"""Who signed an update: `ssh-keygen -Y`, which is there wherever an admin can log in."""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from kpos.domain.refusal import Refused, refuse

# What a signature is for: one of a commit or of a mail is not one of an update.
NAMESPACE = "kpos-update"
# The house's own first; else those that the running slot came with.
SIGNERS = ("etc/kpos/update-signers", "usr/lib/kpos/update-signers")
_KEYGEN = "/usr/bin/ssh-keygen"


def find_signers(root: Path) -> Path:
    """The file of those who may sign (ALLOWED SIGNERS in ssh-keygen(1)).

    Raises:
        Refused: if there is none.
    """
    for place in SIGNERS:
        if (root / place).is_file():
            return root / place
    wanted = " or ".join(f"/{place}" for place in SIGNERS)
    raise refuse("invalid", f"nobody may sign updates for this machine: there is no {wanted}")


def signer_of(content: bytes, signature: bytes, signers: Path) -> str:
    """The name in `signers` of whoever signed.

    Raises:
        Refused: if nobody did whom that file names.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder) / "signature"
        file.write_bytes(signature)
        which = ("-s", str(file), "-f", str(signers))
        found = _keygen("find-principals", *which)
        names = found.stdout.decode("utf-8", "replace").splitlines()
        if found.returncode or not names:
            reason = f"nobody whom {signers} names signed this update"
            raise _unsigned(reason)
        checked = _keygen("verify", *which, "-I", names[0], "-n", NAMESPACE, content=content)
    if checked.returncode:
        said = checked.stderr.decode("utf-8", "replace").split("\n")[0]
        reason = f"the signature of {names[0]} does not fit this update ({said[:80]})"
        raise _unsigned(reason)
    return names[0]


def sign(file: Path, key: Path) -> Path:
    """Sign a file; where the signature is. A public key will do if an agent has the other half.

    Raises:
        Refused: if the key cannot be used.
    """
    made = file.with_name(f"{file.name}.sig")
    made.unlink(missing_ok=True)
    done = _keygen("sign", "-f", str(key), "-n", NAMESPACE, str(file))
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise refuse("invalid", f"{key} cannot sign: {said[:200]}")
    return made


def _keygen(
    action: str, *arguments: str, content: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - its arguments are paths, and names that it printed
            [_KEYGEN, "-Y", action, *arguments], input=content, capture_output=True, check=False
        )
    except FileNotFoundError as error:
        reason = f"{_KEYGEN} is missing: sudo apt install openssh-client"
        raise refuse("invalid", reason) from error


def _unsigned(why: str) -> Refused:
    return refuse("invalid", f"{why}: nothing was written")
