# SPDX-License-Identifier: GPL-2.0-only
"""What a row of the matrix is."""
import checks

MEGA = 1000000
BOTH = 4 * MEGA


class Case:
    """One row, run over IPv4 and IPv6."""

    def __init__(self, name, sim="client", up=MEGA, down=MEGA, sysctl=(), setup=(), during=(),
                 host=(), peer=(), tcp=False, families=(4, 6), least=2, check=checks.whole,
                 also=(), quick=False, counters=None, zero=(), events=None, sockets=None, flags=(),
                 words=(), spares=(), agreed=False, needs=None, router=False, narrow=None,
                 attacks=(), crossing=False):
        self.name = name
        self.sim = sim                  # role of the simulated host
        self.up = up                    # bytes that the simulated host sends
        self.down = down                # bytes that the kernel sends
        self.sysctl = sysctl            # settings of the namespace
        self.setup = setup              # see Namespace.act(), before the connection
        self.during = during            # (seconds after its begin, the same)
        self.host = host                # options of mptcp-interop-host
        self.peer = peer                # options of kernel-peer.py
        self.tcp = tcp                  # a plain TCP socket in the kernel
        self.families = families        # IPv4, IPv6
        self.least = least              # subflows that the connection must have had
        self.check = check              # function(case, seen): list of complaints
        self.also = also                # more of them
        self.quick = quick              # part of the short run: True, or the family that is
        # What the kernel's tools must have told, with the least number of each:
        self.counters = counters or {}  # of nstat; those of MPTCP without their prefix
        self.zero = zero                # of nstat, which must not have moved
        self.events = events or {}      # of `ip mptcp monitor`
        self.sockets = sockets or {}    # numbers and flags of `ss -Mi`
        self.flags = flags              # letters that a subflow must have had in `ss -ti`
        self.words = words              # words that `ss -ti` must have told of a subflow
        self.spares = spares            # counters that may move though they usually must not
        self.agreed = agreed            # the fallback comes after the kernel established MPTCP
        self.needs = needs              # function(): why this kernel cannot do it, or nothing
        self.router = router or narrow is not None or bool(attacks)  # another kernel in between
        self.narrow = narrow            # (what is behind it, MTU of the router's way there)
        self.attacks = attacks          # (seconds, what, to whom), see inject.py
        self.crossing = crossing        # both ends connect at the same time

    def is_quick(self, family):
        """Whether the short run has it over IPv4 or IPv6."""
        return self.quick is True or self.quick == family
