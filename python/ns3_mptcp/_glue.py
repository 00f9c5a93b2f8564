# SPDX-License-Identifier: GPL-2.0-only
"""What glue.h has."""

import os

import cppyy
import ns  # noqa: F401  it reads the headers

cppyy.include(os.path.join(os.path.dirname(os.path.abspath(__file__)), "glue.h"))
glue = cppyy.gbl.ns3_mptcp
