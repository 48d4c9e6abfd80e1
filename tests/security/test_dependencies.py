"""What is installed is what the locks say, hash by hash. Advisories need the network: docs/security.md, “Dependencies”."""

from __future__ import annotations

import re
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("runtime", "test", "uv")
PIN = re.compile(r"^([A-Za-z0-9._-]+(?:\[[\w,-]+\])?)==([^\s;\\]+)")


def pins(lock: str) -> dict[str, list[str]]:
    """The pinned versions of a lock, by name (a name may have one for each Python)."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / "requirements" / f"{lock}.txt").read_text().splitlines():
        pin = PIN.match(line)
        if pin:
            found.setdefault(re.sub(r"\[.*", "", pin[1]).lower().replace("_", "-"), []).append(pin[2])
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock):
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)
    pinned = [block for block in blocks if PIN.match(block)]
    assert pinned and all("--hash=sha256:" in block for block in pinned)
    assert "http://" not in text and "https://" not in text and "git+" not in text


def test_what_is_installed_is_what_is_locked():
    locked: dict[str, set[str]] = {}
    for lock in LOCKS:
        for name, versions in pins(lock).items():
            locked.setdefault(name, set()).update(versions)
    installed = {one.metadata["Name"].lower().replace("_", "-").replace(".", "-"): one.version for one in distributions()}
    tools = {"pip", "setuptools", "wheel"}
    wrong = {name: version for name, version in installed.items()
             if name not in tools and version not in locked.get(name, locked.get(name.replace("-", "."), set()))}
    assert not wrong, f"installed, but not as locked: {wrong}"


def test_the_setup_asks_for_hashes():
    text = (ROOT / "platform" / "partnerships" / "bootstrap.py").read_text()
    assert text.count('"--require-hashes"') >= 2


def test_vendored_scripts_are_what_their_manifest_says():
    import hashlib
    import json

    vendor = ROOT / "platform" / "partnerships" / "static" / "vendor"
    manifest = next(vendor.glob("*.json"))
    said = json.loads(manifest.read_text())
    files = {str(path.relative_to(vendor)) for path in vendor.rglob("*") if path.suffix in (".js", ".css", ".woff2")}
    text = json.dumps(said)
    assert files and all(hashlib.sha256((vendor / name).read_bytes()).hexdigest() in text for name in files)
