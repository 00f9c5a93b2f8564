# SPDX-License-Identifier: GPL-2.0-only
"""Multipath TCP for ns-3 in Python: what `from ns import ns` alone does not do.

After this import ns-3's own functions take Python's functions and values: Simulator.Schedule, trace
sources, callbacks of sockets, attributes. doc/python.md shows it.
"""

from . import _patches
from ._callbacks import trace_sources
from ._constants import *  # noqa: F401,F403
from ._results import Samples, read_series, seconds, watch
from ._sockets import (Event, SubStatus, SubTuple, as_mptcp, close_sub, connect, create_socket,
                       decode_event, get_sub_ids, get_sub_tuple, getsockopt, listen, on_event,
                       open_sub, read_event, set_sub_prio, setsockopt, sub_getsockopt,
                       sub_setsockopt, subscribe, tcp_info)
from ._values import address, create, factory, nodes, set_default, type_id

_patches.install()
