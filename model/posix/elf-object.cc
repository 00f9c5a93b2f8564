// SPDX-License-Identifier: GPL-2.0-only
#include "elf-object.h"

#include <cerrno>
#include <cstring>
#include <elf.h>
#include <fstream>
#include <iterator>
#include <link.h>

namespace ns3
{

namespace
{

using FileHeader = ElfW(Ehdr);
using SectionHeader = ElfW(Shdr);
using ProgramHeader = ElfW(Phdr);
using Symbol = ElfW(Sym);
using DynamicEntry = ElfW(Dyn);

/// Bytes of a file, in which offsets that it names may be wrong.
class Image
{
  public:
    /// @param bytes of the file
    explicit Image(std::vector<char> bytes)
        : m_bytes(std::move(bytes))
    {
    }

    /// @tparam T a plain structure @param offset where it stands @param value is filled
    /// @return whether it is within the file
    template <typename T>
    bool Get(size_t offset, T& value) const
    {
        if (offset > m_bytes.size() || m_bytes.size() - offset < sizeof(T))
        {
            return false;
        }
        std::memcpy(&value, m_bytes.data() + offset, sizeof(T));
        return true;
    }

    /// @param table a section of strings @param index of a string @return it, empty if wrong
    std::string GetText(const SectionHeader& table, size_t index) const
    {
        std::string text;
        char next = 0;
        for (size_t at = table.sh_offset + index;
             index < table.sh_size && Get(at, next) && next != 0;
             ++at, ++index)
        {
            text += next;
        }
        return text;
    }

  private:
    std::vector<char> m_bytes; //!< of the file
};

/// @param header of the file @return whether it is a shared object for this machine
bool
IsOurs(const FileHeader& header)
{
    const unsigned char wordSize = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    const unsigned char order = ELFDATA2LSB;
#else
    const unsigned char order = ELFDATA2MSB;
#endif
    return std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 &&
           header.e_ident[EI_CLASS] == wordSize && header.e_ident[EI_DATA] == order &&
           header.e_type == ET_DYN && header.e_shentsize == sizeof(SectionHeader) &&
           (header.e_phnum == 0 || header.e_phentsize == sizeof(ProgramHeader));
}

/// @param image the file @param symbols its section of dynamic symbols @param names of them
/// @param object gets them
void
ReadSymbols(const Image& image,
            const SectionHeader& symbols,
            const SectionHeader& names,
            ElfObject& object)
{
    Symbol symbol;
    for (size_t at = 0; at + sizeof(symbol) <= symbols.sh_size; at += sizeof(symbol))
    {
        if (!image.Get(symbols.sh_offset + at, symbol))
        {
            return;
        }
        const std::string name = image.GetText(names, symbol.st_name);
        if (!name.empty())
        {
            (symbol.st_shndx == SHN_UNDEF ? object.undefined : object.defined).push_back(name);
        }
    }
}

/// @param image the file @param entries its dynamic section @param names of them
/// @param object gets the libraries
void
ReadNeeded(const Image& image,
           const SectionHeader& entries,
           const SectionHeader& names,
           ElfObject& object)
{
    DynamicEntry entry;
    for (size_t at = 0; at + sizeof(entry) <= entries.sh_size; at += sizeof(entry))
    {
        if (!image.Get(entries.sh_offset + at, entry) || entry.d_tag == DT_NULL)
        {
            return;
        }
        if (entry.d_tag == DT_NEEDED)
        {
            object.needed.push_back(image.GetText(names, entry.d_un.d_val));
        }
    }
}

} // namespace

std::optional<ElfObject>
ElfObject::Read(const std::string& path, std::string& why)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
    {
        why = std::strerror(errno);
        return std::nullopt;
    }
    const Image image(std::vector<char>(std::istreambuf_iterator<char>(file), {}));
    FileHeader header;
    if (!image.Get(0, header) || !IsOurs(header))
    {
        why = "not a shared object for this machine";
        return std::nullopt;
    }
    ElfObject object;
    bool hasSymbols = false;
    for (size_t i = 0; i < header.e_shnum; ++i)
    {
        SectionHeader section;
        if (!image.Get(header.e_shoff + i * sizeof(section), section))
        {
            why = "not a complete file";
            return std::nullopt;
        }
        SectionHeader names{};
        image.Get(header.e_shoff + section.sh_link * sizeof(names), names);
        switch (section.sh_type)
        {
        case SHT_DYNSYM:
            ReadSymbols(image, section, names, object);
            hasSymbols = true;
            break;
        case SHT_DYNAMIC:
            ReadNeeded(image, section, names, object);
            break;
        case SHT_INIT_ARRAY:
        case SHT_FINI_ARRAY:
            // One of each is the compiler's own.
            object.constructors = object.constructors || section.sh_size > sizeof(void*);
            break;
        default:
            break;
        }
    }
    if (!hasSymbols)
    {
        why = "a file without a table of dynamic symbols";
        return std::nullopt;
    }
    for (size_t i = 0; i < header.e_phnum; ++i)
    {
        ProgramHeader segment;
        if (image.Get(header.e_phoff + i * sizeof(segment), segment) &&
            segment.p_type == PT_GNU_EH_FRAME)
        {
            object.unwindable = true;
        }
    }
    return object;
}

} // namespace ns3
