// SPDX-License-Identifier: GPL-2.0-only
// Runs packet scripts that are named on the command line, for those who write one.
#include "packet-script.h"
#include "script-runner.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

int
main(int argc, char* argv[])
{
    if (argc < 2)
    {
        std::cerr << "Usage: mptcp-script FILE...\n";
        return 2;
    }
    int failures = 0;
    for (int i = 1; i < argc; i++)
    {
        std::ifstream file(argv[i]);
        std::ostringstream text;
        text << file.rdbuf();
        // A folder can be opened, but has no text.
        if (!file || std::filesystem::is_directory(argv[i]))
        {
            std::cerr << argv[i] << ": cannot be read\n";
            return 2;
        }
        try
        {
            const auto script = ns3::ParsePacketScript(argv[i], text.str());
            ns3::ScriptRunner(script).Run();
            std::cout << "pass  " << argv[i] << "\n";
        }
        catch (const ns3::ScriptError& error)
        {
            std::cout << "FAIL  " << error.what() << "\n";
            failures++;
        }
    }
    return failures == 0 ? 0 : 1;
}
