// SPDX-License-Identifier: GPL-2.0-only
#ifndef HANDOVER_RECORD_H
#define HANDOVER_RECORD_H

#include "command-line.h"

#include <filesystem>
#include <string>
#include <vector>

namespace handover
{

/**
 * Write what is needed to repeat a run: the arguments, versions, compiler, and every attribute and
 * global value of ns-3 that is not what it was by itself. Nothing that changes from one repetition
 * to the next.
 * @param path of the file, in JSON
 * @param arguments of the command line, without the program
 * @param options what they mean
 */
void WriteRecord(const std::filesystem::path& path,
                 const std::vector<std::string>& arguments,
                 const std::vector<Option>& options);

} // namespace handover

#endif // HANDOVER_RECORD_H
