# SPDX-License-Identifier: GPL-2.0-only
# Sphinx's settings for the manual. ./mptcp docs copies this folder, and puts tables/ beside it.
import os

project = "ns3-mptcp"
author = "the authors of ns3-mptcp"
copyright = author
release = os.environ.get("MPTCP_VERSION", "")
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
# Included piece by piece by chapters.
exclude_patterns = ["manual.md", "tables"]
myst_heading_anchors = 3
# Chapters take sections of manual.md without the headings above them.
suppress_warnings = ["myst.header"]
html_theme = "alabaster"
html_theme_options = {
    "description": "Multipath TCP for an unpatched ns-3",
    "page_width": "70em",
    "extra_nav_links": {"The API, by Doxygen": "../api/index.html"},
}
html_show_sourcelink = False
html_copy_source = False
pygments_style = "sphinx"
highlight_language = "none"
