"""The wheel is whole: every module and every shipped resource is in it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tools import frozen

_PARTS = ("pyproject.toml", "README.md", "LICENSE", *frozen.PACKAGES)


def test_every_module_and_resource_is_in_the_wheel(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "wheel"
    source.mkdir()
    for part in _PARTS:
        if (frozen.ROOT / part).is_dir():
            shutil.copytree(frozen.ROOT / part, source / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(frozen.ROOT / part, source / part)
    # An own backend call in place of pip: nothing is fetched, nothing of this machine's settings is used.
    code = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    target.mkdir()
    result = subprocess.run(
        [sys.executable, "-c", code, str(target)], cwd=source, check=False, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    assert "absent from" not in result.stderr
    (wheel,) = target.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
        entry_points = archive.read(next(name for name in packed if name.endswith("entry_points.txt"))).decode()
    modules = {
        path.relative_to(source).as_posix() for package in frozen.PACKAGES for path in (source / package).rglob("*.py")
    }
    resources = {f"{folder}/{Path(path).name}" for path, folder in frozen.shipped_data()}
    assert not (modules | resources) - packed
    assert "qihua-desktop = qihua_desktop.__main__:main" in entry_points
