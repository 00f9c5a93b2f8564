// SPDX-License-Identifier: GPL-2.0-only
#ifndef BUILD_ERROR_H
#define BUILD_ERROR_H

#include "ns3/object-factory.h"
#include "ns3/phone-access.h"
#include "ns3/simulator.h"
#include "ns3/smartphone-helper.h"
#include "ns3/string.h"

#include <stdexcept>
#include <string>

namespace ns3
{

/// @param which access of a phone @param kind TypeId of what it is @param attribute of it
/// @param value the attribute's @return what is wrong with it, empty if it can be built
inline std::string
GetBuildError(SmartphoneHelper::Access which,
              const std::string& kind,
              const std::string& attribute,
              const std::string& value)
{
    SmartphoneHelper network;
    ObjectFactory factory(kind);
    auto access = factory.Create<PhoneAccess>();
    access->SetAttribute(attribute, StringValue(value));
    network.SetAccess(which, access);
    std::string told;
    try
    {
        network.Build();
    }
    catch (const std::invalid_argument& exception)
    {
        told = exception.what();
    }
    Simulator::Destroy();
    return told;
}

} // namespace ns3

#endif // BUILD_ERROR_H
