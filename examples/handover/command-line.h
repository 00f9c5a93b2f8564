// SPDX-License-Identifier: GPL-2.0-only
#ifndef HANDOVER_COMMAND_LINE_H
#define HANDOVER_COMMAND_LINE_H

#include "experiment.h"

#include <functional>
#include <string>
#include <vector>

namespace handover
{

/// End the program because of a wrong argument. @param what is wrong
[[noreturn]] void Refuse(const std::string& what);

/// An option of the command line.
struct Option
{
    std::string name;                              //!< its name
    std::string value;                             //!< as given, or what it is if not given
    std::string help;                              //!< what it does
    std::function<void(const std::string&)> parse; //!< throws std::invalid_argument
};

/**
 * Read the command line; ends the program if it is wrong.
 * @param argc number of arguments
 * @param argv the arguments
 * @param experiment what they ask for
 * @return the options with their values, for the record
 */
std::vector<Option> ParseCommandLine(int argc, char* argv[], Experiment& experiment);

} // namespace handover

#endif // HANDOVER_COMMAND_LINE_H
