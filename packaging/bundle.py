"""What goes into the package beside what main.py imports by name, and what stays out of it.

tillwright.spec builds from these lists, and tests/packaging/test_bundle.py imports and opens
everything that they name, so that they cannot rot between two releases.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

HIDDEN_IMPORTS = (
    # The training bank runs as a program of its own, started by name.
    "acquirer.simulator",
    # sqlite-utils tries it first, and falls back to an SQLite that may damage the journal.
    "pysqlite3",
    # Found through its place on disk, for the font beside it.
    "fontpkg_inter",
    # The key store of the system, chosen while running.
    "keyring.backends.Windows" if sys.platform == "win32" else "keyring.backends.SecretService",
    "keyring.backends.fail",
)

FOLDERS = (
    ("acquirer/dialects", "acquirer/dialects"),
    ("ui/assets", "ui/assets"),
    ("packaging/locale", "packaging/locale"),
    ("packaging/examples", "packaging/examples"),
    ("LICENSE", "."),
)
"""Files and folders of ours, and where they stand in the package."""

PACKAGE_DATA = ("escpos", "fontpkg_inter")
"""Packages that read files of their own; escpos dies at its import without them."""

EXCLUDED_IMPORTS = (
    *("tkinter", "unittest", "pydoc", "pip", "setuptools", "IPython"),
    *("PIL._avif", "PIL._imagingcms", "PIL.ImageTk"),
    *("PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtSql", "PySide6.QtPrintSupport"),
    *(
        "PySide6.QtNetwork",
        "PySide6.QtTest",
        "PySide6.QtDesigner",
        "PySide6.QtHelp",
        "PySide6.QtOpenGL",
    ),
)

KEPT_PLUGINS = {
    "platforms": ("qxcb", "qoffscreen", "qwindows"),
    "platforminputcontexts": ("compose", "ibus"),
    "xcbglintegrations": ("qxcb",),
    "styles": ("qmodernwindowsstyle", "qwindowsvistastyle"),
}
"""Qt's plugins by folder; a single other one (the GTK theme) drags dozens of libraries along."""

KEPT_TRANSLATIONS = ("qtbase_zh_CN", "qtbase_zh_TW")

UNWANTED_LIBRARIES = (
    *("Qml", "Quick", "VirtualKeyboard", "Wayland", "Egl", "EGL", "Pdf", "Sql", "PrintSupport"),
    *("gtk-3", "gdk-3", "Network", "WlShell", "Labs", "ShaderTools", "OpenGLWidgets", "Designer"),
)
"""Libraries that only the plugins above needed; parts of names below PySide6 or of lib*.so."""

ITALIC = "Inter-Italic"


def is_wanted(name: str) -> bool:
    """Whether a collected file belongs into the package; `name` is its path in there."""
    path = Path(name)
    parts = path.parts
    if "plugins" in parts:
        folder = parts[parts.index("plugins") + 1]
        return any(kept in path.name for kept in KEPT_PLUGINS.get(folder, ()))
    if "translations" in parts and "PySide6" in parts:
        return path.name.startswith(KEPT_TRANSLATIONS)
    if path.name.startswith(ITALIC) or path.suffix in {".po", ".pot"}:
        return False
    if path.name.startswith(("libQt6", "Qt6", "libgtk", "libgdk")):
        return not any(part in path.name for part in UNWANTED_LIBRARIES)
    return True
