// SPDX-License-Identifier: GPL-2.0-only
// Runs the inputs in test/fuzz/corpus through the fuzz targets: what once crashed never does again.
#include "fuzz-targets.h"
#include "test-rig.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace ns3
{

namespace
{

/// A target and its name, which is that of its folder.
struct Target
{
    const char* name;                   //!< of the folder
    int (*run)(const uint8_t*, size_t); //!< runs an input
};

const Target TARGETS[] = {{"option", &FuzzOption},
                          {"srh", &FuzzSrh},
                          {"connection", &FuzzConnection},
                          {"sockopt", &FuzzSockopt},
                          {"posix", &FuzzPosix}};

/// The suite.
class MptcpFuzzTestSuite : public ScenarioTestSuite
{
  public:
    MptcpFuzzTestSuite()
        : ScenarioTestSuite("mptcp-fuzz")
    {
        for (const auto& target : TARGETS)
        {
            Add(std::string("inputs of ") + target.name,
                [target](ScenarioTestCase& test)
                {
                    const auto folder = std::filesystem::path(MPTCP_TEST_CORPUS) / target.name;
                    std::error_code missing;
                    uint32_t count = 0;
                    for (const auto& entry : std::filesystem::directory_iterator(folder, missing))
                    {
                        // The last line names the input that ends the program.
                        std::cerr << entry.path().string() << std::endl;
                        std::ifstream file(entry.path(), std::ios::binary);
                        const std::vector<char> bytes(std::istreambuf_iterator<char>(file), {});
                        target.run(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
                        count++;
                    }
                    test.Expect(count > 0, "there are inputs in " + folder.string());
                });
        }
    }
};

MptcpFuzzTestSuite g_mptcpFuzzTestSuite; //!< registers itself

} // namespace

} // namespace ns3
