#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A phone downloads over WiFi and cellular by MPTCP; WiFi is silent from 8 s to 15 s.

The scheme mptcp of mptcp-handover.cc, with the same numbers. Run it by ./mptcp python FILE.
"""

import argparse

import matplotlib
import ns3_mptcp as mptcp
from ns import ns

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402  after it was told not to want a display

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--seed", type=int, default=1, help="of random numbers")
parser.add_argument("--output", default="results/handover-python", help="folder for the results")
options = parser.parse_args()
if not 1 <= options.seed < 2**32:
    parser.error("--seed: 1 to 4294967295 is accepted")
START, END, DURATION = 8, 15, 30  # s
ns.RngSeedManager.SetSeed(options.seed)

# WiFi: 20 Mb/s, 20 ms; cellular: 10 Mb/s, 50 ms; a server behind them.
network = ns.SmartphoneHelper()
network.Build()
network.ScheduleSilence(ns.SmartphoneHelper.WIFI, ns.Seconds(START), ns.Seconds(END))
phone, server = network.GetPhone(), network.GetServer()

helper = ns.MptcpHelper()
helper.SetCongestionControl("ns3::TcpLinuxReno")
helper.Install(mptcp.nodes(phone, server))
helper.AssignStreams(mptcp.nodes(phone, server), 1000 + network.AssignStreams(1000))

at_server = (str(network.GetServerAddress(False)), 5001)
at_phone = (str(network.GetPhoneAddress(ns.SmartphoneHelper.WIFI, False)), 0)
receiver = mptcp.create(ns.ByteStreamApplication, Protocol="ns3::MptcpSocketFactory",
                        Local=at_phone, Remote=at_server, MaxBytes=0)
sender = mptcp.create(ns.ByteStreamApplication, Protocol="ns3::MptcpSocketFactory",
                      Local=at_server, MaxBytes=2**64 - 1)
phone.AddApplication(receiver)
server.AddApplication(sender)

statistics = mptcp.watch(network, sender, receiver, DURATION, (START, END), options.output)
ns.Simulator.Stop(ns.Seconds(DURATION))
ns.Simulator.Run()
result = statistics.Finish()
print("goodput %.3f Mb/s, longest interruption %.1f ms, %d wrong bytes"
      % (result.goodput, 1000 * mptcp.seconds(result.interruption), result.wrong))

goodput = mptcp.read_series(options.output + "/goodput.dat")
figure, axes = pyplot.subplots(figsize=(8, 4), layout="constrained")
axes.axvspan(START, END, color="0.9", label="WiFi is silent")
for name, values in list(goodput.items())[1:]:
    axes.plot(goodput["time_s"], values, label=name.replace("_mbps", "").replace("_", " "))
axes.set(xlabel="time in s", ylabel="goodput in Mb/s", xlim=(0, DURATION), ylim=(0, 45))
axes.legend()
figure.savefig(options.output + "/goodput.png", dpi=120)
print("series and goodput.png: " + options.output)
ns.Simulator.Destroy()
