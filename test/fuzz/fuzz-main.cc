// SPDX-License-Identifier: GPL-2.0-only
// One fuzz target as a program: for libFuzzer, or to run files by hand. FUZZ_TARGET names it.
#include "fuzz-targets.h"

#ifdef MPTCP_LIBFUZZER

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    return ns3::FUZZ_TARGET(data, size);
}

#else

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

namespace
{

/// @param path of a file, or of a folder, as libFuzzer takes it too
/// @return the file, or all files below the folder
std::vector<std::filesystem::path>
FilesOf(const std::filesystem::path& path)
{
    if (!std::filesystem::is_directory(path))
    {
        return {path};
    }
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path))
    {
        if (!entry.is_directory())
        {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace

int
main(int argc, char* argv[])
{
    for (int i = 1; i < argc; i++)
    {
        for (const auto& path : FilesOf(argv[i]))
        {
            std::ifstream file(path, std::ios::binary);
            if (!file)
            {
                std::cerr << path.string() << ": cannot be read\n";
                return 2;
            }
            const std::vector<char> bytes(std::istreambuf_iterator<char>(file), {});
            ns3::FUZZ_TARGET(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
        }
    }
    return 0;
}

#endif
