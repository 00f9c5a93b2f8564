# SPDX-License-Identifier: GPL-2.0-only
"""What a run has shown, as numpy arrays."""

import os

import numpy

from ns import ns

from ._values import as_time


class Samples:
    """What a function returns, again and again: arrays times (in s) and values."""

    def __init__(self, interval, function, start=0):
        """interval: of calls of function(); start: when the first one is. Times, or seconds."""
        if not callable(function):
            raise TypeError("not a function: %r" % (function,))
        self._interval = as_time(interval)
        if not self._interval.IsStrictlyPositive():
            raise ValueError("Samples: the interval must be more than 0 s")
        self._function = function
        self._times = []
        self._values = []
        ns.Simulator.Schedule(as_time(start), self._sample)

    def _sample(self):
        # First, for where a run goes on after an exception.
        ns.Simulator.Schedule(self._interval, self._sample)
        value = self._function()
        self._times.append(ns.Simulator.Now().GetSeconds())
        self._values.append(value)

    @property
    def times(self):
        """When, in s."""
        return numpy.array(self._times)

    @property
    def values(self):
        """What was returned then."""
        return numpy.array(self._values)

    def rates(self, scale=8e-6):
        """Growth per second between samples, times scale: Mb/s of counted bytes."""
        return numpy.diff(self.values) / numpy.diff(self.times) * scale


def read_series(path):
    """A series that TransferStatistics has written: arrays by the names of its columns."""
    with open(path, encoding="utf-8") as file:
        names = file.readline().lstrip("#").split()
    columns = numpy.loadtxt(path, ndmin=2)
    if columns.size == 0:
        columns = numpy.empty((0, len(names)))
    if columns.shape[1] != len(names):
        raise ValueError("%s: %d names, %d columns" % (path, len(names), columns.shape[1]))
    return dict(zip(names, columns.T))


def seconds(time):
    """A Time, or std::optional of one, as a number; None of nothing."""
    if hasattr(time, "has_value"):
        if not time.has_value():
            return None
        time = time.value()
    return time.GetSeconds()


def watch(network, sender, receiver, end, outage=None, folder=""):
    """TransferStatistics of a transfer in a SmartphoneHelper's network, before it begins.

    end: of the transfer; outage: begin and end of WiFi's, if there is one; folder: where series are
    written, if anywhere. Times, or seconds.
    """
    settings = ns.TransferStatistics.Settings()
    settings.end = as_time(end)
    if outage is not None:
        settings.outageStart = as_time(outage[0])
        settings.outageEnd = as_time(outage[1])
    if folder:
        os.makedirs(folder, exist_ok=True)
        settings.folder = str(folder)
    for name, access in (("wifi", ns.SmartphoneHelper.WIFI),
                         ("cellular", ns.SmartphoneHelper.CELLULAR)):
        path = ns.TransferStatistics.Path()
        path.name = name
        path.addresses = network.GetAddresses(access)
        device = ns.DynamicCast[ns.PointToPointNetDevice](
            network.GetAccess(access).GetRouterDevice(0))
        if device:
            path.queue = device.GetQueue()
        settings.paths.push_back(path)
    statistics = ns.TransferStatistics(settings)
    statistics.Watch(sender, receiver)
    # The simulation calls it without holding it.
    ns.Simulator.ScheduleDestroy(lambda held: None, statistics)
    return statistics
