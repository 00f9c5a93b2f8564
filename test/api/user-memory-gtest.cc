// SPDX-License-Identifier: GPL-2.0-only
// Memory of programs is looked at as a kernel does, also where the call for it is forbidden.
#include "ns3/user-memory.h"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace
{

using namespace ns3;

/// @return whether bytes are copied where there is memory, and nothing happens where there is none
bool
CopiesWithCare()
{
    const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    auto* memory = static_cast<uint8_t*>(
        mmap(nullptr, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    // Three pages, the last of which can only be read, and nothing behind.
    munmap(memory + 3 * page, page);
    mprotect(memory + 2 * page, page, PROT_READ);
    void* const wild = reinterpret_cast<void*>(8);
    bool right = true;
    for (const size_t size : {size_t(1), size_t(4096), 2 * page - 1})
    {
        std::vector<uint8_t> bytes(size);
        std::vector<uint8_t> copy(size);
        for (size_t i = 0; i < size; i++)
        {
            bytes[i] = static_cast<uint8_t>(i * 7 + 1);
        }
        right = right && CopyToUser(memory, bytes.data(), size) &&
                std::memcmp(memory, bytes.data(), size) == 0 &&
                CopyFromUser(copy.data(), memory, size) && copy == bytes;
        right = right && !CopyFromUser(copy.data(), wild, size) &&
                !CopyFromUser(copy.data(), nullptr, size) &&
                !CopyToUser(wild, bytes.data(), size) && !CopyToUser(nullptr, bytes.data(), size);
        right = right && !CopyFromUser(copy.data(), memory + 3 * page - size + 1, size) &&
                !CopyToUser(memory + 2 * page - size + 1, bytes.data(), size);
        right = right && CopyFromUser(copy.data(), memory + 3 * page - size, size);
    }
    right = right && CopyFromUser(nullptr, wild, 0) && CopyToUser(wild, nullptr, 0);
    right = right && IsUserWritable(memory, 1) && !IsUserWritable(memory + 2 * page, 1) &&
            !IsUserWritable(wild, 1) && IsUserWritable(wild, 0);
    munmap(memory, 3 * page);
    return right;
}

TEST(UserMemory, WildPointersAreNoCrash)
{
    EXPECT_TRUE(CopiesWithCare());
}

/// Let process_vm_readv() and process_vm_writev() fail with EPERM, as some containers do.
/// @return whether that can be done here
bool
Forbid()
{
    sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_process_vm_readv, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_process_vm_writev, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    sock_fprog program{sizeof(code) / sizeof(code[0]), code};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

TEST(UserMemory, NorWhereTheKernelForbidsToLook)
{
    const pid_t child = fork();
    if (child == 0)
    {
        _exit(!Forbid() ? 77 : CopiesWithCare() ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
    if (WEXITSTATUS(status) == 77)
    {
        GTEST_SKIP() << "no filters of system calls here";
    }
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

} // namespace
