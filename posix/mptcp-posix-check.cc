// SPDX-License-Identifier: GPL-2.0-only
// Tells whether programs can run in a node.
#include "ns3/posix-program.h"

#include <iostream>

int
main(int argc, char* argv[])
{
    int status = 0;
    for (int i = 1; i < argc; ++i)
    {
        const std::string why = ns3::PosixProgram::Check(argv[i]);
        if (!why.empty())
        {
            std::cerr << argv[i] << ": " << why << std::endl;
            status = 1;
        }
    }
    return status;
}
