// SPDX-License-Identifier: GPL-2.0-only
#include "tcp-option-blob.h"

#include <iomanip>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(TcpOptionBlob);

TypeId
TcpOptionBlob::GetTypeId()
{
    static TypeId tid = TypeId("ns3::TcpOptionBlob").SetParent<TcpOption>().SetGroupName("Mptcp");
    return tid;
}

void
TcpOptionBlob::Append(TcpHeader& header, const TcpOptionSpace& options, Ptr<TcpOptionBlob>& spare)
{
    if (options.GetSize() == 0)
    {
        return;
    }
    if (!spare || spare->GetReferenceCount() > 1)
    {
        // CreateObject() would walk the attributes, of which there are none.
        spare = Ptr<TcpOptionBlob>(new TcpOptionBlob, false);
    }
    spare->m_options = options;
    header.AppendOption(spare);
}

void
TcpOptionBlob::Print(std::ostream& os) const
{
    const auto flags = os.flags();
    const auto fill = os.fill('0');
    os << std::hex;
    for (size_t i = 0; i < m_options.GetSize(); i++)
    {
        os << std::setw(2) << +m_options.GetBytes()[i];
    }
    os.fill(fill);
    os.flags(flags);
}

void
TcpOptionBlob::Serialize(Buffer::Iterator start) const
{
    start.Write(m_options.GetBytes(), static_cast<uint32_t>(m_options.GetSize()));
}

uint32_t
TcpOptionBlob::Deserialize(Buffer::Iterator /* start */)
{
    // ns3::TcpHeader never makes a blob of what it reads.
    return 0;
}

uint8_t
TcpOptionBlob::GetKind() const
{
    return NOP;
}

uint32_t
TcpOptionBlob::GetSerializedSize() const
{
    return static_cast<uint32_t>(m_options.GetSize());
}

} // namespace ns3
