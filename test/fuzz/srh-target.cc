// SPDX-License-Identifier: GPL-2.0-only
// A Segment Routing Header as bytes.
#include "fuzz-input.h"
#include "fuzz-targets.h"

#include "ns3/ipv6-header.h"
#include "ns3/packet.h"
#include "ns3/srv6-chain.h"
#include "ns3/srv6-flow-statistics.h"
#include "ns3/srv6-header.h"

#include <sstream>

namespace ns3
{

int
FuzzSrh(const uint8_t* data, size_t size)
{
    FuzzInput input(data, size);
    const auto bytes = input.Bytes(SRV6_MAX_SIZE + 16);
    const auto parsed = ParseSegmentRoutingHeader(bytes.data(), bytes.size());
    FuzzRequire(parsed.header.has_value() == !parsed.problem, "a header or a reason");
    const auto framing = CheckSrv6Framing(bytes.data(), bytes.size());
    if (!framing)
    {
        FuzzRequire(parsed.header.has_value() == !CheckSrv6Tlvs(bytes.data()),
                    "framing and TLVs are all that is checked");
    }
    else
    {
        FuzzRequire(!parsed.header, "a header with broken framing is none");
    }
    if (parsed.header)
    {
        const auto& header = *parsed.header;
        std::ostringstream text;
        text << header;
        FuzzRequire(!text.str().empty(), "a header prints");
        FuzzRequire(header.IsValid() || header.segments.empty(), "what was read can be written");
        if (header.IsValid())
        {
            std::vector<uint8_t> again(header.GetSize());
            header.Write(again.data());
            const auto second = ParseSegmentRoutingHeader(again.data(), again.size());
            FuzzRequire(second.header && *second.header == header, "written as it was read");

            auto packet = Create<Packet>();
            packet->AddHeader(Srv6Header(header));
            FuzzRequire(packet->GetSize() == header.GetSize(), "as large in a packet");
            Srv6Header back;
            back.Set({});
            packet->RemoveHeader(back);
            FuzzRequire(back.Get() == header, "the same in a packet");

            const std::vector<Ipv6Address> path(header.segments.rbegin(), header.segments.rend());
            const bool reduced = path.size() > 1 && (header.tag & 1);
            const auto made = SegmentRoutingHeader::FromPath(path, reduced);
            FuzzRequire(made.IsValid(), "a header is made of any path");
            FuzzRequire(made.segmentsLeft + 1U == path.size(), "all of a path is left");
            FuzzRequire(made.segments.size() + reduced == path.size(), "one less if reduced");
        }
        header.FindHmac();
    }
    // As packets have it, which ends the run by itself where it reads beyond the bytes.
    if (!bytes.empty())
    {
        auto packet = Create<Packet>(bytes.data(), static_cast<uint32_t>(bytes.size()));
        Srv6Header header;
        const uint32_t read = packet->PeekHeader(header);
        FuzzRequire(read <= bytes.size(), "no more bytes than there are");
        FuzzRequire(!header.GetProblem() || !parsed.header, "both ways agree");
        std::ostringstream text;
        header.Print(text);

        // As the first of a packet's extension headers.
        constexpr uint8_t ROUTING = 43; // RFC 8200 section 4.1
        Srv6Chain chain;
        const auto end = chain.Scan(*packet, ROUTING);
        // What is wrong may be right behind the last byte.
        FuzzRequire(end == Srv6Chain::End::MALFORMED || chain.GetOffset() <= bytes.size(),
                    "the chain ends within the packet");
        Srv6Chain strict;
        FuzzRequire(strict.Scan(*packet, bytes[0], false, true) == Srv6Chain::End::MALFORMED ||
                        strict.GetOffset() <= bytes.size(),
                    "so it does where options are read");
        if (end == Srv6Chain::End::SEGMENTS_LEFT)
        {
            Ipv6Header outer;
            outer.SetNextHeader(ROUTING);
            const auto whole = chain.Rebuild(*packet, outer, false);
            FuzzRequire(whole->GetSize() == bytes.size(), "rebuilding keeps the size");
            const auto rest = chain.Rebuild(*packet, outer, true);
            FuzzRequire(rest->GetSize() < bytes.size(), "removing a header makes it shorter");
        }

        // And as statistics by flow read it.
        Ipv6Header outer;
        outer.SetNextHeader(ROUTING);
        const auto flow = Srv6FlowStatistics::Classify(*packet, outer);
        FuzzRequire(!flow || !flow->segments.empty(), "a flow has segments");
        FuzzRequire(!flow || !framing || bytes[2] != SRV6_ROUTING_TYPE,
                    "no flow of a header with broken framing");
    }
    return 0;
}

} // namespace ns3
