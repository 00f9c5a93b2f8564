// SPDX-License-Identifier: GPL-2.0-only
#include "radio-positions.h"

#include <sstream>
#include <stdexcept>

namespace ns3
{

std::vector<Vector>
ParseRadioPositions(const std::string& attribute, const std::string& text, size_t most)
{
    std::vector<Vector> positions;
    std::istringstream stream(text);
    for (std::string word; stream >> word;)
    {
        std::istringstream numbers(word);
        Vector position;
        char comma = 0;
        if (!(numbers >> position.x >> comma >> position.y) || comma != ',' || !numbers.eof())
        {
            throw std::invalid_argument(attribute + ": " + word + ": not x,y in m");
        }
        positions.push_back(position);
    }
    if (positions.empty() || positions.size() > most)
    {
        throw std::invalid_argument(attribute + ": " + text + ": not 1 to " + std::to_string(most) +
                                    " positions");
    }
    return positions;
}

} // namespace ns3
