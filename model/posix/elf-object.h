// SPDX-License-Identifier: GPL-2.0-only
#ifndef ELF_OBJECT_H
#define ELF_OBJECT_H

#include <optional>
#include <string>
#include <vector>

namespace ns3
{

/// What the dynamic linker would find in a shared object, read without loading it: loading runs
/// code.
struct ElfObject
{
    std::vector<std::string> needed;    //!< names of the libraries that it wants
    std::vector<std::string> undefined; //!< symbols that others must define
    std::vector<std::string> defined;   //!< symbols that it defines for others
    bool unwindable{false};             //!< it has tables to unwind its stack with
    bool constructors{false};           //!< it runs functions of its own when loaded or unloaded

    /**
     * @param path of a file
     * @param why is filled if it is not a shared object for this machine
     * @return what is in it
     */
    static std::optional<ElfObject> Read(const std::string& path, std::string& why);
};

} // namespace ns3

#endif // ELF_OBJECT_H
