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

#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

int
main(int argc, char* argv[])
{
    for (int i = 1; i < argc; i++)
    {
        std::ifstream file(argv[i], std::ios::binary);
        if (!file)
        {
            std::cerr << argv[i] << ": cannot be read\n";
            return 2;
        }
        const std::vector<char> bytes(std::istreambuf_iterator<char>(file), {});
        ns3::FUZZ_TARGET(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
    }
    return 0;
}

#endif
