// SPDX-License-Identifier: GPL-2.0-only
#ifndef HANDOVER_SIMULATION_H
#define HANDOVER_SIMULATION_H

#include "experiment.h"

namespace handover
{

/**
 * Do the transfer once, in a simulation of its own.
 * @param scheme how
 * @param experiment what
 * @return what came out
 */
ns3::TransferStatistics::Result Run(const Scheme& scheme, const Experiment& experiment);

} // namespace handover

#endif // HANDOVER_SIMULATION_H
