// SPDX-License-Identifier: GPL-2.0-only
#include "posix-program.h"

#include "elf-object.h"
#include "posix-allowed-symbols.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace ns3
{

namespace
{

/// @tparam T a pointer @param handle of dlopen() @param name of a symbol @param where is filled
template <typename T>
void
Find(void* handle, const char* name, T& where)
{
    where = reinterpret_cast<T>(dlsym(handle, name));
}

/// @param names that must not be there @return them with commas between
std::string
Join(std::vector<std::string> names)
{
    std::sort(names.begin(), names.end());
    std::string text;
    for (const auto& name : names)
    {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

} // namespace

std::string
PosixProgram::Check(const std::string& path)
{
    std::string why;
    const auto object = ElfObject::Read(path, why);
    if (!object)
    {
        return why;
    }
    const auto defines = [&object](const char* name)
    {
        return std::find(object->defined.begin(), object->defined.end(), name) !=
               object->defined.end();
    };
    if (!defines("mptcp_posix_start") || !defines("mptcp_posix_version") ||
        !defines("mptcp_posix_main"))
    {
        return "not built for a node: compile it with `./mptcp cc` or mptcp_posix_program()";
    }
    std::vector<std::string> others;
    for (const auto& name : object->needed)
    {
        if (!IsPosixLibraryAllowed(name))
        {
            others.push_back(name);
        }
    }
    if (!others.empty())
    {
        return "it wants libraries that may reach the host: " + Join(others) +
               "; accepted: the C library and its libm";
    }
    for (const auto& name : object->undefined)
    {
        if (!IsPosixSymbolAllowed(name))
        {
            others.push_back(name);
        }
    }
    if (!others.empty())
    {
        return "it calls what is not there in a node: " + Join(others);
    }
    if (object->constructors)
    {
        return "it has constructors or destructors, which would run outside of a node";
    }
    if (!object->unwindable)
    {
        return "it has no tables to unwind its stack with: compile it with -fexceptions";
    }
    return "";
}

std::unique_ptr<PosixProgram>
PosixProgram::Load(const std::string& path, std::string& why)
{
    why = Check(path);
    if (!why.empty())
    {
        return nullptr;
    }
    // The dynamic linker knows objects by name and inode: each copy has its own, and is a file
    // only until it is loaded.
    std::error_code error;
    const auto folder = std::filesystem::temp_directory_path(error);
    std::string copy = ((error ? "/tmp" : folder) / "mptcp-program-XXXXXX").string();
    const int fd = mkstemp(copy.data());
    if (fd < 0)
    {
        why = "no copy of it can be made in " + copy + ": " + std::strerror(errno);
        return nullptr;
    }
    close(fd);
    std::filesystem::copy_file(
        path, copy, std::filesystem::copy_options::overwrite_existing, error);
    void* handle = error ? nullptr : dlopen(copy.c_str(), RTLD_NOW | RTLD_LOCAL);
    const char* reason = handle || error ? nullptr : dlerror();
    std::error_code ignored;
    std::filesystem::remove(copy, ignored);
    if (!handle)
    {
        why = error ? "no copy of it can be made in " + copy + ": " + error.message()
                    : std::string("the dynamic linker refuses it: ") + (reason ? reason : "");
        return nullptr;
    }
    std::unique_ptr<PosixProgram> program(new PosixProgram(handle));
    const int* version = nullptr;
    Find(handle, "mptcp_posix_version", version);
    if (!version || *version != MPTCP_POSIX_VERSION)
    {
        why = "it was built with another version of this module: compile it again";
        return nullptr;
    }
    Find(handle, "mptcp_posix_start", program->m_start);
    Find(handle, "mptcp_posix_run_exit_handlers", program->m_handlers);
    Find(handle, "mptcp_posix_finish", program->m_finish);
    Find(handle, "mptcp_posix_main", program->m_main);
    if (!program->m_start || !program->m_handlers || !program->m_finish || !program->m_main)
    {
        why = "it lacks functions that a program in a node has: compile it again";
        return nullptr;
    }
    return program;
}

PosixProgram::PosixProgram(void* handle)
    : m_handle(handle)
{
}

PosixProgram::~PosixProgram()
{
    dlclose(m_handle);
}

bool
PosixProgram::Start(const mptcp_posix_calls& calls) const
{
    return m_start(&calls) == 0;
}

int
PosixProgram::Main(int argc, char** argv) const
{
    return m_main(argc, argv);
}

void
PosixProgram::RunExitHandlers() const
{
    m_handlers();
}

void
PosixProgram::Finish() const
{
    m_finish();
}

} // namespace ns3
