# SPDX-License-Identifier: GPL-2.0-only
# The module, built, with what most of its commands need. docs, fuzz, lint, python and matrix install
# what they miss when they are called.
#
#     docker build -t ns3-mptcp .
#     docker run --rm -v "$PWD/results:/ns3-mptcp/results" ns3-mptcp ./mptcp handover
#
# Conversations with a kernel (interop, fidelity) need --privileged too.
FROM debian:12
WORKDIR /ns3-mptcp

# What is installed changes less often than the module.
COPY scripts/setup.sh scripts/setup.sh
RUN bash -euc 'root=$PWD; . scripts/setup.sh; \
        need $packages_for_build $packages_for_test $packages_for_interop' \
    && rm -rf /var/lib/apt/lists/*

COPY . .
RUN ./mptcp build
CMD ["./mptcp", "--help"]
