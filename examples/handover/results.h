// SPDX-License-Identifier: GPL-2.0-only
#ifndef HANDOVER_RESULTS_H
#define HANDOVER_RESULTS_H

#include "experiment.h"

#include <vector>

namespace handover
{

/// @param path of the file @param outcomes of all schemes
void WriteSummary(const std::filesystem::path& path, const std::vector<Outcome>& outcomes);

/// Print the tables. @param outcomes of all schemes @param experiment what was done
void PrintTables(const std::vector<Outcome>& outcomes, const Experiment& experiment);

/// Make folders for a draft of the results; end the program if they cannot be written.
/// @param experiment where they go
void PrepareOutput(const Experiment& experiment);

/// Put the results in the place of what an earlier run left; end the program if there was no room
/// for them. @param experiment where they go
void PublishOutput(const Experiment& experiment);

/// Tell the plots what to draw. @param experiment what was done @param outcomes what came out
void WritePlotParameters(const Experiment& experiment, const std::vector<Outcome>& outcomes);

} // namespace handover

#endif // HANDOVER_RESULTS_H
