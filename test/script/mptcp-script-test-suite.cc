// SPDX-License-Identifier: GPL-2.0-only
// Each packet script beside this file is a test case.
#include "host-in-c.h"
#include "packet-script.h"
#include "script-runner.h"
#include "test-rig.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace ns3
{

namespace
{

/// @param path of a file @return its text
std::string
ReadText(const std::filesystem::path& path)
{
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// @param name of a script @param text it @return what went wrong, empty if nothing
std::string
RunScript(const std::string& name, const std::string& text)
{
    try
    {
        const PacketScript script = ParsePacketScript(name, text);
        ScriptRunner(script).Run();
    }
    catch (const ScriptError& error)
    {
        return error.what();
    }
    return "";
}

/// Scripts that must fail, and words that the message must have.
struct WrongScript
{
    const char* name;               //!< of the case
    std::string text;               //!< the script
    std::vector<std::string> words; //!< in the message
};

/// A server up to the SYN/ACK.
const std::string SERVER = "0 socket(..., SOCK_STREAM, IPPROTO_MPTCP) = 3\n"
                           "+0 bind(3, ..., ...) = 0\n"
                           "+0 listen(3, 1) = 0\n"
                           "+0 < S 0:0(0) win 65535 <mss 1460, mp_capable>\n";

/// @return them
std::vector<WrongScript>
GetWrongScripts()
{
    return {
        {"a wrong number is shown beside what was expected",
         SERVER + "+0 > S. 0:0(0) ack 2 <mss 1460, mp_capable from=host>\n",
         {"test:5: expected: S. 0:0(0) ack 2 <mss 1460, mp_capable from=host>",
          "seen:     S. 0:0(0) ack 1",
          "ack: expected 2, seen 1"}},
        {"an option that is missing is named",
         SERVER + "+0 > S. 0:0(0) ack 1 <mss 1460, mp_join id=0 hmac=ok nonce=a, ...>\n",
         {"option mp_join: expected, not there"}},
        {"an option that was not expected is named",
         SERVER + "+0 > S. 0:0(0) ack 1 <mss 1460>\n",
         {"option mp_capable from=host: seen, not expected"}},
        {"a wrong field of an option is named",
         SERVER + "+0 > S. 0:0(0) ack 1 <mss 1400, mp_capable from=host>\n",
         {"mss value: expected 1400, seen 1460"}},
        {"silence is shown as such",
         SERVER + "+0 > S. 0:0(0) ack 1 <...>\n+0.1 > . 1:1(0) ack 1\n",
         {"test:6: expected: . 1:1(0) ack 1 until 0.101000 s", "seen:     nothing"}},
        {"a segment at another time is shown",
         SERVER + "+0.5 > S. 0:0(0) ack 1 <...>\n",
         {"time: expected 0.499000 s to 0.501000 s, seen 0.000000 s"}},
        {"a segment that nothing expected is shown", SERVER, {"at the end", "SYN ACK"}},
        {"the result of a call is shown",
         "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 listen(3, 1) = 0\n",
         {"test:2: listen()", "expected: 0", "seen:     -1 EINVAL"}},
        {"an unknown option is named with its line",
         "// comment\n0 < S 0:0(0) win 1 <mss 1460, mptcp>\n",
         {"test:2: unknown option 'mptcp'; there are: "}},
        {"an unknown field is named",
         "0 < S 0:0(0) win 1 <mp_join address=1>\n",
         {"test:1: mp_join has no field 'address=1'; there are: "}},
        {"a length that does not fit is named",
         "0 < . 1:3(1) ack 1 win 1\n",
         {"test:1: sequence numbers '1:3(1)'"}},
        {"an unknown attribute is named", "--Chicksum=true\n" + SERVER, {"--Chicksum=true"}},
        {"an unknown call is named", "0 sendto(3) = 0\n", {"test:1: unknown call 'sendto'"}},
        {"a time that is none is named", "0.x socket() = 3\n", {"test:1: time '0.x'"}},
        {"a time that is not a number is named",
         "+nan < S 0:0(0) win 1\n",
         {"test:1: time 'nan': not a number"}},
        {"a tolerance that is not a number is named",
         "--tolerance=nan\n" + SERVER,
         {"test:1: time 'nan': not a number"}},
        {"a segment that no IP packet holds is named",
         SERVER + "+0 < P. 1:70001(70000) ack 1 win 1\n",
         {"test:5: length 70000: at most 65455 bytes"}},
    };
}

/// The suite.
class MptcpScriptTestSuite : public ScenarioTestSuite
{
  public:
    MptcpScriptTestSuite()
        : ScenarioTestSuite("mptcp-script")
    {
        std::vector<std::filesystem::path> paths;
        std::error_code ignored;
        for (const auto& entry : std::filesystem::directory_iterator(MPTCP_TEST_SCRIPTS, ignored))
        {
            if (entry.path().extension() == ".pkt")
            {
                paths.push_back(entry.path());
            }
        }
        std::sort(paths.begin(), paths.end());
        for (const auto& path : paths)
        {
            Add(path.stem().string(),
                [path](ScenarioTestCase& test) {
                    test.ExpectEqual(
                        RunScript(path.filename().string(), ReadText(path)), "", "what went wrong");
                });
        }
        Add("an engine in C drives the host",
            [](ScenarioTestCase& test)
            {
                // IPv4 and TCP headers, and MSS, SACK, timestamps and scaling.
                test.ExpectEqual(HostInC(), 20 + 20 + 20, "bytes of its SYN");
            });
        Add("there are scripts",
            [count = paths.size()](ScenarioTestCase& test)
            { test.Expect(count >= 25, "25 scripts at least in " MPTCP_TEST_SCRIPTS); });
        for (const auto& wrong : GetWrongScripts())
        {
            Add(std::string("a script fails: ") + wrong.name,
                [wrong](ScenarioTestCase& test)
                {
                    const std::string message = RunScript("test", wrong.text);
                    for (const auto& words : wrong.words)
                    {
                        test.Expect(message.find(words) != std::string::npos,
                                    "the message has '" + words + "'; it is: " + message);
                    }
                });
        }
    }
};

MptcpScriptTestSuite g_mptcpScriptTestSuite; //!< registers itself

} // namespace

} // namespace ns3
