// SPDX-License-Identifier: GPL-2.0-only
#include "posix-application.h"

#include "posix-process.h"

#include "ns3/boolean.h"
#include "ns3/log.h"
#include "ns3/mptcp-socket-factory.h"
#include "ns3/node.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <filesystem>
#include <iostream>
#include <utility>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("PosixApplication");

NS_OBJECT_ENSURE_REGISTERED(PosixApplication);

namespace
{

constexpr int NOT_LOADED = 127; //!< exit code of a program that cannot be run, as in a shell

} // namespace

TypeId
PosixApplication::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::PosixApplication")
            .SetParent<Application>()
            .SetGroupName("Mptcp")
            .AddConstructor<PosixApplication>()
            .AddAttribute("Program",
                          "Path of the program's shared object, as ./mptcp cc makes it.",
                          StringValue(""),
                          MakeStringAccessor(&PosixApplication::m_path),
                          MakeStringChecker())
            .AddAttribute("Arguments",
                          "Arguments of main() after the program's name, with spaces between them; "
                          "single or double quotes keep spaces.",
                          StringValue(""),
                          MakeStringAccessor(&PosixApplication::SetArgumentLine,
                                             &PosixApplication::GetArgumentLine),
                          MakeStringChecker())
            .AddAttribute("StackSize",
                          "Bytes of the program's stack. Below it is a guard page: a program that "
                          "needs more ends the simulation by a segmentation fault.",
                          UintegerValue(256 * 1024),
                          MakeUintegerAccessor(&PosixApplication::m_stackSize),
                          MakeUintegerChecker<uint32_t>(64 * 1024))
            .AddAttribute("StreamProtocol",
                          "TypeId of the socket factory that socket(..., SOCK_STREAM, 0) uses: "
                          "ns3::MptcpSocketFactory, or ns3::TcpSocketFactory for ns-3's own TCP.",
                          TypeIdValue(MptcpSocketFactory::GetTypeId()),
                          MakeTypeIdAccessor(&PosixApplication::m_streamProtocol),
                          MakeTypeIdChecker())
            .AddAttribute("Privileged",
                          "Whether the program may do what only a privileged user may: bind to "
                          "ports below 1024, and set the options that its sockets' attribute "
                          "Privileged opens.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&PosixApplication::m_privileged),
                          MakeBooleanChecker())
            .AddAttribute("LogFile",
                          "File to which stdout and stderr are written as well; empty: none.",
                          StringValue(""),
                          MakeStringAccessor(&PosixApplication::m_logFile),
                          MakeStringChecker())
            .AddAttribute("LogLimit",
                          "Bytes of stdout and stderr that are kept for GetLog(), the last ones.",
                          UintegerValue(1 << 20),
                          MakeUintegerAccessor(&PosixApplication::m_logLimit),
                          MakeUintegerChecker<uint32_t>())
            .AddTraceSource("Output",
                            "The program wrote to stdout or stderr.",
                            MakeTraceSourceAccessor(&PosixApplication::m_outputTrace),
                            "ns3::PosixApplication::OutputTracedCallback")
            .AddTraceSource("Exit",
                            "The program is over, with its exit code.",
                            MakeTraceSourceAccessor(&PosixApplication::m_exitTrace),
                            "ns3::PosixApplication::ExitTracedCallback")
            .AddTraceSource("Connected",
                            "A stream socket of the program has a connection.",
                            MakeTraceSourceAccessor(&PosixApplication::m_connectedTrace),
                            "ns3::PosixApplication::SocketTracedCallback")
            .AddTraceSource("Rx",
                            "The program has read bytes from a stream socket.",
                            MakeTraceSourceAccessor(&PosixApplication::m_receiveTrace),
                            "ns3::PosixApplication::BytesTracedCallback");
    return tid;
}

PosixApplication::PosixApplication() = default;

PosixApplication::~PosixApplication() = default;

void
PosixApplication::DoDispose()
{
    if (m_process)
    {
        m_process->Kill(false);
        m_process = nullptr;
    }
    Application::DoDispose();
}

void
PosixApplication::SetArguments(const std::vector<std::string>& arguments)
{
    m_arguments = arguments;
}

void
PosixApplication::SetArgumentLine(std::string line)
{
    m_arguments.clear();
    bool inWord = false;
    char quote = 0;
    for (const char c : line)
    {
        if (quote == 0 && c == ' ')
        {
            inWord = false;
            continue;
        }
        if (!inWord)
        {
            m_arguments.emplace_back();
            inWord = true;
        }
        if (c == quote)
        {
            quote = 0;
        }
        else if (quote == 0 && (c == '\'' || c == '"'))
        {
            quote = c;
        }
        else
        {
            m_arguments.back() += c;
        }
    }
}

std::string
PosixApplication::GetArgumentLine() const
{
    std::string line;
    for (const auto& argument : m_arguments)
    {
        const char quote = argument.find('"') == std::string::npos ? '"' : '\'';
        line += (line.empty() ? "" : " ") + (quote + argument + quote);
    }
    return line;
}

const std::string&
PosixApplication::GetLog() const
{
    return m_log;
}

std::optional<int>
PosixApplication::GetExitCode() const
{
    return m_exitCode;
}

void
PosixApplication::Write(const std::string& text)
{
    m_log += text;
    if (m_log.size() > m_logLimit)
    {
        m_log.erase(0, m_log.size() - m_logLimit);
    }
    if (m_file.is_open())
    {
        m_file << text << std::flush;
    }
    m_outputTrace(text);
}

void
PosixApplication::OnExit(int code)
{
    m_exitCode = code;
    m_exitTrace(code);
}

void
PosixApplication::StartApplication()
{
    const std::string name = std::filesystem::path(m_path).stem().string();
    if (!m_logFile.empty())
    {
        m_file.open(m_logFile);
        if (!m_file)
        {
            NS_LOG_ERROR("LogFile: " << m_logFile << " cannot be written");
        }
    }
    std::string why;
    auto program = PosixProgram::Load(m_path, why);
    if (!program)
    {
        // Not in the log alone, where nobody may look: the simulation lacks a part.
        const std::string text = "PosixApplication: " + m_path + ": " + why + "\n";
        std::cerr << text;
        Write(text);
        OnExit(NOT_LOADED);
        return;
    }
    PosixProcess::Settings settings;
    settings.node = GetNode();
    settings.arguments = {name};
    settings.arguments.insert(settings.arguments.end(), m_arguments.begin(), m_arguments.end());
    settings.stackSize = m_stackSize;
    settings.streamProtocol = m_streamProtocol;
    settings.privileged = m_privileged;
    // Different for each instance, and the same in each run. 1 would be init.
    settings.pid = GetNode()->GetId() * 100 + 2;
    for (uint32_t i = 0; i < GetNode()->GetNApplications(); ++i)
    {
        settings.pid += GetNode()->GetApplication(i) == this ? i : 0;
    }
    settings.output = [this](const std::string& text) { Write(text); };
    settings.exited = [this](int code) { OnExit(code); };
    settings.connected = [this](Ptr<Socket> socket) { m_connectedTrace(socket); };
    settings.received = [this](Ptr<Socket> socket, const std::vector<uint8_t>& bytes)
    { m_receiveTrace(socket, bytes); };
    m_process = std::make_unique<PosixProcess>(std::move(settings), std::move(program));
    m_process->Start();
}

void
PosixApplication::StopApplication()
{
    if (m_process)
    {
        m_process->Kill(true);
    }
}

} // namespace ns3
