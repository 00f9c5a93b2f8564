// SPDX-License-Identifier: GPL-2.0-only
#include "posix-process.h"

#include "posix-socket.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <utility>

namespace ns3
{

namespace
{

constexpr size_t MOST_FILES = 1024;    //!< descriptors of an instance, as FD_SETSIZE
constexpr size_t MOST_WRITTEN = 65536; //!< bytes that one call writes to the log
constexpr uint32_t FREE_CALLS = 1000;  //!< calls within a millisecond that cost no time

/// The standard streams: what is written goes to the log, and there is nothing to read.
class LogFile : public PosixFile
{
  public:
    /// @param process whose log
    explicit LogFile(const PosixProcess& process)
        : m_process(process)
    {
    }

    long Send(PosixMessage& message, int) override
    {
        // The rest is left to the next call.
        std::vector<uint8_t> bytes(std::min(message.GetSize(), MOST_WRITTEN));
        if (!message.CopyFrom(bytes))
        {
            return -EFAULT;
        }
        m_process.Write(std::string(bytes.begin(), bytes.end()));
        return static_cast<long>(bytes.size());
    }

    long Receive(PosixMessage&, int) override
    {
        return 0;
    }

    short Poll() const override
    {
        return POLLIN | POLLOUT;
    }

    void Close(bool) override
    {
    }

  private:
    const PosixProcess& m_process; //!< whose log
};

} // namespace

PosixProcess::PosixProcess(Settings settings, std::unique_ptr<PosixProgram> program)
    : m_settings(std::move(settings)),
      m_program(std::move(program)),
      m_calls(MakePosixCalls(*this)),
      m_wakePending(std::make_shared<bool>(false))
{
    for (const auto& argument : m_settings.arguments)
    {
        m_texts.emplace_back(argument.c_str(), argument.c_str() + argument.size() + 1);
    }
    for (auto& text : m_texts)
    {
        m_argv.push_back(text.data());
    }
    m_argv.push_back(nullptr);
    const auto log = std::make_shared<LogFile>(*this);
    m_files = {log, log, log};
    m_fiber = std::make_unique<Fiber>(m_settings.stackSize, [this]() { Body(); });
}

PosixProcess::~PosixProcess()
{
    Kill(false);
}

void
PosixProcess::Body()
{
    if (!m_program->Start(m_calls))
    {
        m_program->Finish();
        Note("no memory for its standard streams");
        m_status = ABORTED;
        return;
    }
    try
    {
        // As exit() has it, 8 bits.
        m_status = m_program->Main(static_cast<int>(m_argv.size()) - 1, m_argv.data()) & 0xff;
        m_program->RunExitHandlers();
    }
    catch (const End& end)
    {
        m_status = end.status;
    }
    catch (const std::exception&)
    {
        // Of a function that was called, or of the simulator: Enter() passes it on.
        m_failure = std::current_exception();
        m_status = ABORTED;
    }
    m_finishing = true;
    m_program->Finish();
}

void
PosixProcess::Start()
{
    m_started = true;
    Enter();
}

void
PosixProcess::Enter()
{
    if (m_ended || m_inside)
    {
        return;
    }
    m_timer.Cancel();
    m_inside = true;
    m_fiber->Resume();
    m_inside = false;
    if (m_fiber->IsFinished())
    {
        // Who hears of the end may delete this.
        const auto failure = std::exchange(m_failure, nullptr);
        CleanUp();
        if (failure)
        {
            std::rethrow_exception(failure);
        }
    }
}

void
PosixProcess::Kill(bool orderly)
{
    if (m_ended || m_killed)
    {
        return;
    }
    m_killed = true;
    m_orderly = orderly;
    if (!m_started)
    {
        m_status = KILLED;
        CleanUp();
    }
    else if (!m_inside)
    {
        Enter();
    }
}

void
PosixProcess::CleanUp()
{
    m_ended = true;
    m_timer.Cancel();
    // A wake-up that is on its way finds nobody.
    m_wakePending = std::make_shared<bool>(true);
    const auto files = std::exchange(m_files, {});
    for (auto file = files.begin(); file != files.end(); ++file)
    {
        if (*file && std::find(files.begin(), file, *file) == file)
        {
            (*file)->Close(m_orderly);
        }
    }
    for (const auto& [memory, size] : m_memory)
    {
        std::free(memory);
    }
    m_memory.clear();
    m_program = nullptr;
    if (m_settings.exited)
    {
        m_settings.exited(m_status);
    }
}

// Waiting

void
PosixProcess::Wake()
{
    if (m_ended || *m_wakePending)
    {
        return;
    }
    *m_wakePending = true;
    std::weak_ptr<bool> pending = m_wakePending;
    Simulator::ScheduleWithContext(m_settings.node->GetId(),
                                   Time(0),
                                   [this, pending]()
                                   {
                                       // Whoever ends the process lets go of it.
                                       if (const auto mine = pending.lock())
                                       {
                                           *mine = false;
                                           Enter();
                                       }
                                   });
}

void
PosixProcess::Block(std::optional<Time> limit)
{
    if (m_killed && !m_finishing)
    {
        throw End{KILLED};
    }
    if (limit)
    {
        m_timer = Simulator::Schedule(*limit - Simulator::Now(), &PosixProcess::Enter, this);
    }
    m_fiber->Suspend();
    if (m_killed && !m_finishing)
    {
        throw End{KILLED};
    }
}

bool
PosixProcess::WaitFor(const std::function<bool()>& ready, std::optional<Time> limit)
{
    while (!ready())
    {
        if (m_killed && m_finishing)
        {
            // Within fclose() of the host, which nothing may be thrown through: what its streams
            // still hold is lost.
            m_status = KILLED;
            return false;
        }
        if (limit && Simulator::Now() >= *limit)
        {
            return false;
        }
        Block(limit);
    }
    return true;
}

void
PosixProcess::Pace()
{
    const Time now = Simulator::Now();
    if (now - m_paceTime > MilliSeconds(1))
    {
        m_paceTime = now;
        m_paceCalls = 0;
    }
    // Streams are closed where nothing may wait any more.
    if (++m_paceCalls > FREE_CALLS && !m_finishing)
    {
        WaitFor([]() { return false; }, now + MicroSeconds(10));
    }
}

// Descriptors

int
PosixProcess::GetFreeFile(size_t least) const
{
    size_t fd = least;
    while (fd < m_files.size() && m_files[fd])
    {
        fd++;
    }
    return fd < MOST_FILES ? static_cast<int>(fd) : -EMFILE;
}

int
PosixProcess::AddFile(std::shared_ptr<PosixFile> file, size_t least)
{
    const int number = GetFreeFile(least);
    if (number < 0)
    {
        return number;
    }
    const auto fd = static_cast<size_t>(number);
    m_files.resize(std::max(m_files.size(), fd + 1));
    m_files[fd] = std::move(file);
    return number;
}

std::shared_ptr<PosixFile>
PosixProcess::GetFile(int fd) const
{
    return fd >= 0 && static_cast<size_t>(fd) < m_files.size() ? m_files[fd] : nullptr;
}

std::shared_ptr<PosixSocket>
PosixProcess::GetSocket(int fd) const
{
    return std::dynamic_pointer_cast<PosixSocket>(GetFile(fd));
}

int
PosixProcess::CloseFile(int fd)
{
    const auto file = GetFile(fd);
    if (!file)
    {
        return -EBADF;
    }
    m_files[fd] = nullptr;
    m_closeOnExec.erase(fd);
    if (std::find(m_files.begin(), m_files.end(), file) == m_files.end())
    {
        file->Close(true);
    }
    return 0;
}

bool
PosixProcess::GetCloseOnExec(int fd) const
{
    return m_closeOnExec.count(fd) > 0;
}

void
PosixProcess::SetCloseOnExec(int fd, bool on)
{
    if (on)
    {
        m_closeOnExec.insert(fd);
    }
    else
    {
        m_closeOnExec.erase(fd);
    }
}

// Log

void
PosixProcess::Write(const std::string& text) const
{
    if (m_settings.output)
    {
        m_settings.output(text);
    }
}

void
PosixProcess::Note(const std::string& text) const
{
    Write("[" + m_settings.arguments.front() + ": " + text + "]\n");
}

// Memory

void*
PosixProcess::Allocate(size_t alignment, size_t size)
{
    const size_t bytes = std::max<size_t>(size, 1);
    void* memory = nullptr;
    if (alignment <= alignof(std::max_align_t))
    {
        memory = std::calloc(1, bytes);
    }
    else if (posix_memalign(&memory, alignment, bytes) == 0)
    {
        std::memset(memory, 0, bytes);
    }
    else
    {
        memory = nullptr;
        errno = ENOMEM;
    }
    if (memory)
    {
        m_memory[memory] = size;
    }
    return memory;
}

void*
PosixProcess::Reallocate(void* memory, size_t size)
{
    void* larger = Allocate(alignof(std::max_align_t), size);
    const auto old = m_memory.find(memory);
    if (larger && old != m_memory.end())
    {
        std::memcpy(larger, memory, std::min(size, old->second));
        Release(memory);
    }
    return larger;
}

void
PosixProcess::Release(void* memory)
{
    if (m_memory.erase(memory) > 0)
    {
        std::free(memory);
    }
    else if (memory)
    {
        Note("free() of what malloc() has not given");
    }
}

} // namespace ns3
