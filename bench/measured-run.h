// SPDX-License-Identifier: GPL-2.0-only
#ifndef MEASURED_RUN_H
#define MEASURED_RUN_H

#include "ns3/simulator.h"

#include <sys/resource.h>

/// What callgrind counts: bench/run asks for this function by its name.
__attribute__((noinline)) inline void
MeasuredRun()
{
    ns3::Simulator::Run();
}

/// @return processor time that this process has used, in microseconds
inline double
GetCpuMicroseconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return 1e6 * usage.ru_utime.tv_sec + usage.ru_utime.tv_usec;
}

/// Run the simulation. @return processor time that it took, in microseconds
inline double
RunForCpuMicroseconds()
{
    const double before = GetCpuMicroseconds();
    MeasuredRun();
    return GetCpuMicroseconds() - before;
}

#endif // MEASURED_RUN_H
