"""Guards the package: everything that its lists name must be there, or the build rots unseen."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from acquirer.dialect import dialect_for
from domain.settings import read_settings

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "packaging"))
import bundle  # noqa: E402  # it stands beside the spec, which imports it in the same way
import smoke  # noqa: E402

EXAMPLES = sorted((ROOT / "packaging" / "examples").glob("*.toml"))


@pytest.mark.parametrize("name", bundle.HIDDEN_IMPORTS)
def test_every_hidden_import_can_be_imported(name: str) -> None:
    assert importlib.import_module(name)


@pytest.mark.parametrize("source", [source for source, _ in bundle.FOLDERS])
def test_every_folder_of_the_package_is_there(source: str) -> None:
    assert (ROOT / source).exists()


@pytest.mark.parametrize("package", bundle.PACKAGE_DATA)
def test_every_package_with_data_is_there(package: str) -> None:
    assert importlib.import_module(package)


KEPT = """
PySide6/Qt/plugins/platforms/libqxcb.so
PySide6/Qt/plugins/platforms/libqoffscreen.so
PySide6/plugins/platforms/qwindows.dll
PySide6/Qt/plugins/xcbglintegrations/libqxcb-glx-integration.so
PySide6/Qt/lib/libQt6Widgets.so.6
PySide6/Qt/lib/libQt6XcbQpa.so.6
PySide6/Qt/translations/qtbase_zh_CN.qm
fontpkg_inter/files/Inter[opsz,wght].ttf
packaging/locale/zh_CN/LC_MESSAGES/tillwright.mo
escpos/capabilities.json
libpython3.11.so.1.0
"""
LEFT_OUT = """
PySide6/Qt/plugins/platformthemes/libqgtk3.so
PySide6/Qt/plugins/platforms/libqwayland.so
PySide6/Qt/plugins/sqldrivers/libqsqlite.so
PySide6/Qt/lib/libQt6Quick.so.6
PySide6/Qt/translations/qtbase_de.qm
libgtk-3.so.0
fontpkg_inter/files/Inter-Italic[opsz,wght].ttf
packaging/locale/zh_CN/LC_MESSAGES/tillwright.po
"""


@pytest.mark.parametrize("name", KEPT.split("\n")[1:-1])
def test_what_the_window_needs_is_kept(name: str) -> None:
    assert bundle.is_wanted(name)


@pytest.mark.parametrize("name", LEFT_OUT.split("\n")[1:-1])
def test_what_nobody_needs_is_left_out(name: str) -> None:
    assert not bundle.is_wanted(name)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_a_valid_set_up(path: Path) -> None:
    settings = read_settings(path)
    assert settings.training is path.stem.startswith("training")
    assert dialect_for(settings.acquirer)


def test_there_is_an_example_of_every_kind() -> None:
    assert len(EXAMPLES) >= 5
    assert {read_settings(path).acquirer.dialect for path in EXAMPLES} == {"unionpay", "ansi87"}


def test_the_smoke_test_notices_a_program_that_does_nothing(tmp_path: Path) -> None:
    with pytest.raises(smoke.Failed):
        smoke.sale([sys.executable, "-c", "pass"], tmp_path)
