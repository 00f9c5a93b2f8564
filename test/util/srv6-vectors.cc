// SPDX-License-Identifier: GPL-2.0-only
#include "srv6-vectors.h"

#include <fstream>
#include <iterator>
#include <string>

namespace ns3
{

std::vector<Srv6Vector>
ReadSrv6Vectors(const std::string& path)
{
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    // The file's strings hold names and hexadecimal digits only, so a list of strings is enough.
    std::vector<Srv6Vector> vectors;
    std::string field;
    size_t end = 0;
    for (size_t begin = text.find('"'); begin != std::string::npos; begin = text.find('"', end + 1))
    {
        end = text.find('"', begin + 1);
        if (end == std::string::npos)
        {
            break;
        }
        const std::string word = text.substr(begin + 1, end - begin - 1);
        if (word == "name" || word == "in" || word == "forwarded" || word == "returned")
        {
            field = word;
            continue;
        }
        if (field == "name")
        {
            vectors.emplace_back();
            vectors.back().name = word;
            continue;
        }
        Srv6Vector::Bytes bytes;
        for (size_t at = 0; at + 1 < word.size(); at += 2)
        {
            bytes.push_back(static_cast<uint8_t>(std::stoul(word.substr(at, 2), nullptr, 16)));
        }
        Srv6Vector& vector = vectors.back();
        if (field == "in")
        {
            vector.in = bytes;
        }
        else
        {
            (field == "forwarded" ? vector.forwarded : vector.returned).push_back(bytes);
        }
    }
    return vectors;
}

} // namespace ns3
