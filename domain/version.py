"""The version of this program, as the slip's foot, the about page and the package say it."""

VERSION = "0.1.0"
