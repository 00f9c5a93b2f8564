// SPDX-License-Identifier: GPL-2.0-only
#ifndef HANDOVER_RESULTS_H
#define HANDOVER_RESULTS_H

#include "experiment.h"

#include <utility>

namespace handover
{

/// What a scheme did.
using Outcome = std::pair<Scheme, ns3::TransferStatistics::Result>;

/// @param path of the file @param outcomes of all schemes
void WriteSummary(const std::filesystem::path& path, const std::vector<Outcome>& outcomes);

/// Print the table. @param outcomes of all schemes
void PrintTable(const std::vector<Outcome>& outcomes);

/// End the program if the results cannot be written. @param experiment where they go
void PrepareOutput(const Experiment& experiment);

/// Tell the plots what to draw. @param experiment what was done
void WritePlotParameters(const Experiment& experiment);

} // namespace handover

#endif // HANDOVER_RESULTS_H
