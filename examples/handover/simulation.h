// SPDX-License-Identifier: GPL-2.0-only
#ifndef HANDOVER_SIMULATION_H
#define HANDOVER_SIMULATION_H

#include "experiment.h"

#include <functional>

namespace handover
{

/**
 * @param scheme how
 * @param traffic what
 * @param experiment the rest
 * @return why this scheme cannot do that; empty if it can
 */
std::string WhyNot(const Scheme& scheme, Traffic traffic, const Experiment& experiment);

/**
 * Do the transfer once, in a simulation of its own.
 * @param scheme how
 * @param traffic what; WhyNot() is empty
 * @param experiment the rest
 * @param built is called once the network is there, before any file is written; may be empty
 * @return what came out
 */
Outcome Run(const Scheme& scheme,
            Traffic traffic,
            const Experiment& experiment,
            const std::function<void()>& built);

} // namespace handover

#endif // HANDOVER_SIMULATION_H
