// SPDX-License-Identifier: GPL-2.0-only
// The codec, the HMACs, tokens and initial sequence numbers against a Linux kernel's own.
#include "pcap-reader.h"
#include "wire-bytes.h"

#include "ns3/mptcp-crypto.h"
#include "ns3/tcp-header.h"
#include "ns3/tcp-option-blob.h"
#include "ns3/tcp-segment.h"

#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>

using namespace ns3;

namespace
{

/// A host's side of an MPTCP connection.
struct Host
{
    uint64_t key{0};             //!< its key
    uint32_t initialSequence{0}; //!< of the first subflow
};

/// An MPTCP connection of a capture, found by its keys on the third ACK.
struct Connection
{
    Host client; //!< who sent the third ACK
    Host server; //!< the other
};

/// A subflow of a capture.
struct Subflow
{
    const Connection* connection{nullptr}; //!< whose
    IpAddress client;                      //!< who sent the SYN of the subflow
    uint16_t clientPort{0};                //!< its port
    const Host* opener{nullptr};           //!< side of the connection that sent the SYN
    const Host* answerer{nullptr};         //!< the other side
    std::optional<MpJoinSyn> syn;          //!< of a joined subflow
    std::optional<MpJoinSynAck> synAck;    //!< of a joined subflow
};

/// What the checks below came upon.
struct Found
{
    size_t tokens{0};        //!< tokens of MP_JOIN
    size_t synAckHmacs{0};   //!< 64-bit HMACs
    size_t ackHmacs{0};      //!< 160-bit HMACs
    size_t addressHmacs{0};  //!< HMACs of ADD_ADDR
    size_t portHmacs{0};     //!< of these, with a port
    size_t dataAcks{0};      //!< data ACKs that follow from an IDSN
    size_t mappings{0};      //!< mappings that follow from an IDSN
    size_t fastcloseKeys{0}; //!< keys of MP_FASTCLOSE
    size_t connections{0};   //!< connections
};

/// Follows the connections of one capture, segment by segment, and checks what keys imply.
class KeyChecker
{
  public:
    /// @param captured a segment
    void Check(const CapturedSegment& captured)
    {
        const auto result =
            ParseTcpSegment(captured.bytes.data(), captured.bytes.size(), captured.size);
        ASSERT_TRUE(result.segment) << result.error;
        const TcpSegment& segment = *result.segment;
        if (segment.Has(TCP_SYN))
        {
            m_initialSequence[{captured.source, segment.sourcePort, segment.destinationPort}] =
                segment.seq.GetValue();
        }
        CheckCapable(captured, segment);
        CheckJoin(captured, segment);
        Subflow* subflow = Find(captured, segment);
        if (!subflow)
        {
            return;
        }
        const bool fromOpener =
            captured.source == subflow->client && segment.sourcePort == subflow->clientPort;
        const Host& sender = fromOpener ? *subflow->opener : *subflow->answerer;
        const Host& receiver = fromOpener ? *subflow->answerer : *subflow->opener;
        CheckAddAddress(segment, sender, receiver);
        CheckFastclose(segment, receiver);
        CheckDataSequence(segment, *subflow, sender, receiver);
    }

    Found found; //!< what was checked

  private:
    /// MP_CAPABLE with both keys: the third ACK, or data in its place.
    void CheckCapable(const CapturedSegment& captured, const TcpSegment& segment)
    {
        const auto* capable = segment.Find<MpCapable>();
        if (!capable || !capable->receiverKey)
        {
            return;
        }
        const auto id = Id(captured, segment);
        if (m_subflows.count(id))
        {
            EXPECT_EQ(m_subflows[id].connection->client.key, *capable->senderKey);
            EXPECT_EQ(m_subflows[id].connection->server.key, *capable->receiverKey);
            return;
        }
        m_connections.push_back(std::make_unique<Connection>());
        auto& connection = *m_connections.back();
        ++found.connections;
        connection.client.key = *capable->senderKey;
        connection.client.initialSequence =
            m_initialSequence.at({captured.source, segment.sourcePort, segment.destinationPort});
        connection.server.key = *capable->receiverKey;
        connection.server.initialSequence = m_initialSequence.at(
            {captured.destination, segment.destinationPort, segment.sourcePort});
        Subflow& subflow = m_subflows[id];
        subflow.connection = &connection;
        subflow.client = captured.source;
        subflow.clientPort = segment.sourcePort;
        subflow.opener = &connection.client;
        subflow.answerer = &connection.server;
    }

    /// Section 3.2: token and HMACs.
    void CheckJoin(const CapturedSegment& captured, const TcpSegment& segment)
    {
        if (const auto* syn = segment.Find<MpJoinSyn>())
        {
            Subflow subflow;
            for (const auto& connection : m_connections)
            {
                const auto& client = connection->client;
                const auto& server = connection->server;
                if (MptcpToken(server.key) == syn->token)
                {
                    subflow = {connection.get(),
                               captured.source,
                               segment.sourcePort,
                               &client,
                               &server,
                               *syn,
                               {}};
                }
                else if (MptcpToken(client.key) == syn->token)
                {
                    subflow = {connection.get(),
                               captured.source,
                               segment.sourcePort,
                               &server,
                               &client,
                               *syn,
                               {}};
                }
            }
            ASSERT_TRUE(subflow.connection) << "token of no connection";
            ++found.tokens;
            m_subflows[Id(captured, segment)] = subflow;
        }
        Subflow* subflow = Find(captured, segment);
        if (const auto* synAck = segment.Find<MpJoinSynAck>())
        {
            ASSERT_TRUE(subflow && subflow->syn);
            subflow->synAck = *synAck;
            const auto hmac = MptcpJoinHmac(
                subflow->answerer->key, subflow->opener->key, synAck->nonce, subflow->syn->nonce);
            EXPECT_EQ(TruncateHmac64(hmac), synAck->truncatedHmac);
            ++found.synAckHmacs;
        }
        if (const auto* ack = segment.Find<MpJoinAck>())
        {
            ASSERT_TRUE(subflow && subflow->synAck);
            const auto hmac = MptcpJoinHmac(subflow->opener->key,
                                            subflow->answerer->key,
                                            subflow->syn->nonce,
                                            subflow->synAck->nonce);
            EXPECT_EQ(TruncateHmac160(hmac), ack->hmac);
            ++found.ackHmacs;
        }
    }

    /// Section 3.4.1
    void CheckAddAddress(const TcpSegment& segment, const Host& sender, const Host& receiver)
    {
        const auto* add = segment.Find<AddAddress>();
        if (add && add->truncatedHmac)
        {
            EXPECT_EQ(MptcpAddAddressHmac(sender.key, receiver.key, *add), *add->truncatedHmac);
            ++found.addressHmacs;
            found.portHmacs += add->port.has_value();
        }
    }

    /// Section 3.5
    void CheckFastclose(const TcpSegment& segment, const Host& receiver)
    {
        if (const auto* fastclose = segment.Find<MpFastclose>())
        {
            EXPECT_EQ(fastclose->receiverKey, receiver.key);
            ++found.fastcloseKeys;
        }
    }

    /**
     * The first DSS of each host follows from the IDSNs: as long as one subflow has carried all
     * data, both sequence spaces run in parallel, and their first byte has IDSN + 1.
     */
    void CheckDataSequence(const TcpSegment& segment,
                           const Subflow& subflow,
                           const Host& sender,
                           const Host& receiver)
    {
        const auto* dss = segment.Find<Dss>();
        if (!dss || subflow.syn)
        {
            return;
        }
        if (dss->dataAck && m_acked.insert(&sender).second)
        {
            // The subflow's ACK may run ahead of the data ACK, of which there is none yet then.
            const uint64_t acked = segment.ack.GetValue() - receiver.initialSequence;
            const uint64_t idsn = MptcpInitialDataSequence(receiver.key);
            const bool ahead = Matches(*dss->dataAck, idsn + 1);
            EXPECT_TRUE(ahead || Matches(*dss->dataAck, idsn + acked));
            ++found.dataAcks;
        }
        if (dss->mapping && m_mapped.insert(&sender).second)
        {
            EXPECT_TRUE(
                Matches(dss->mapping->dataSequence,
                        MptcpInitialDataSequence(sender.key) + dss->mapping->subflowSequence));
            ++found.mappings;
        }
    }

    /// @param field what travelled @param expected the 64-bit number @return whether it is that
    static bool Matches(const SequenceField& field, uint64_t expected)
    {
        return field.value == (field.is64 ? expected : expected & 0xffffffff);
    }

    using SubflowId = std::set<std::pair<IpAddress, uint16_t>>; //!< both ends, in any order

    /// @param captured a segment @param segment the same @return what names its subflow
    SubflowId Id(const CapturedSegment& captured, const TcpSegment& segment) const
    {
        return {{captured.source, segment.sourcePort},
                {captured.destination, segment.destinationPort}};
    }

    /// @param captured a segment @param segment the same @return its subflow or nullptr
    Subflow* Find(const CapturedSegment& captured, const TcpSegment& segment)
    {
        const auto found = m_subflows.find(Id(captured, segment));
        return found == m_subflows.end() ? nullptr : &found->second;
    }

    std::vector<std::unique_ptr<Connection>> m_connections;                          //!< so far
    std::map<SubflowId, Subflow> m_subflows;                                         //!< so far
    std::map<std::tuple<IpAddress, uint16_t, uint16_t>, uint32_t> m_initialSequence; //!< of SYNs
    std::set<const Host*> m_acked;  //!< whose first data ACK was checked
    std::set<const Host*> m_mapped; //!< whose first mapping was checked
};

/// @param captured a segment @return its file and frame, for messages
std::string
Where(const CapturedSegment& captured)
{
    return captured.file + " frame " + std::to_string(captured.frame);
}

} // namespace

TEST(KernelCaptures, EveryMptcpOptionIsReadAndWrittenUnchanged)
{
    std::map<size_t, size_t> byType;
    std::set<std::pair<size_t, size_t>> byTypeAndSize;
    size_t options = 0;
    for (const auto& captured : GetKernelSegments())
    {
        SCOPED_TRACE(Where(captured));
        const auto& bytes = captured.bytes;
        const size_t header = (bytes.at(12) >> 4) * 4;
        ASSERT_LE(header, bytes.size());
        for (size_t at = 20; at < header;)
        {
            const uint8_t kind = bytes[at];
            const size_t size = kind <= 1 ? 1 : bytes[at + 1];
            if (kind == MPTCP_OPTION_KIND)
            {
                ExactBuffer buffer(&bytes[at], size);
                const auto result =
                    ParseMptcpOption(buffer.Get(), size, bytes[13] & TCP_SYN, bytes[13] & TCP_ACK);
                ASSERT_TRUE(result.option) << result.error;
                ASSERT_EQ(GetMptcpOptionSize(*result.option), size);
                uint8_t written[40];
                ASSERT_EQ(WriteMptcpOption(*result.option, written), size);
                ASSERT_TRUE(std::equal(written, written + size, &bytes[at]));
                ++options;
                ++byType[result.option->index()];
                byTypeAndSize.emplace(result.option->index(), size);
            }
            at += size;
        }
    }
    // As many as tshark counts in the six files.
    EXPECT_EQ(options, 2561U);
    EXPECT_EQ(byType[MptcpOption(MpCapable()).index()], 64U);
    EXPECT_EQ(byType[MptcpOption(MpJoinSyn()).index()], 10U);
    EXPECT_EQ(byType[MptcpOption(MpJoinSynAck()).index()], 10U);
    EXPECT_EQ(byType[MptcpOption(MpJoinAck()).index()], 10U);
    EXPECT_EQ(byType[MptcpOption(Dss()).index()], 2431U);
    EXPECT_EQ(byType[MptcpOption(AddAddress()).index()], 12U);
    EXPECT_EQ(byType[MptcpOption(RemoveAddress()).index()], 8U);
    EXPECT_EQ(byType[MptcpOption(MpPrio()).index()], 8U);
    EXPECT_EQ(byType[MptcpOption(MpFastclose()).index()], 4U);
    EXPECT_EQ(byType[MptcpOption(MpTcpRst()).index()], 4U);
    EXPECT_EQ(byType[MptcpOption(MpFail()).index()], 0U);

    const auto has = [&byTypeAndSize](const MptcpOption& type, size_t size) {
        return byTypeAndSize.count({type.index(), size}) > 0;
    };
    for (const size_t size : {4, 12, 20, 22, 24})
    {
        EXPECT_TRUE(has(MpCapable(), size)) << size;
    }
    for (const size_t size : {8, 10, 16, 18, 20, 28})
    {
        EXPECT_TRUE(has(AddAddress(), size)) << size;
    }
    for (const size_t size : {8, 12, 22, 24})
    {
        EXPECT_TRUE(has(Dss(), size)) << size;
    }
}

TEST(KernelCaptures, EveryTcpHeaderIsReadAndWrittenUnchanged)
{
    size_t headers = 0;
    Ptr<TcpOptionBlob> spare;
    for (const auto& captured : GetKernelSegments())
    {
        SCOPED_TRACE(Where(captured));
        const size_t size = (captured.bytes.at(12) >> 4) * 4;
        ExactBuffer buffer(captured.bytes.data(), size);
        ASSERT_EQ(CheckTcpFraming(buffer.Get(), size), "");
        const auto result = ParseTcpSegment(buffer.Get(), size, captured.size);
        ASSERT_TRUE(result.segment) << result.error;
        const TcpSegment& segment = *result.segment;
        ASSERT_EQ(segment.malformedMptcp, 0);

        // In the order in which Linux writes them.
        TcpOptionSpace space;
        if (segment.mss)
        {
            ASSERT_TRUE(space.AddMss(*segment.mss));
        }
        if (segment.sackPermitted)
        {
            ASSERT_TRUE(space.AddSackPermitted());
        }
        if (segment.timestamps)
        {
            ASSERT_TRUE(space.AddTimestamps(segment.timestamps->value, segment.timestamps->echo));
        }
        if (segment.windowScale)
        {
            ASSERT_TRUE(space.AddWindowScale(*segment.windowScale));
        }
        ASSERT_EQ(space.AddSack(segment.sack.begin(), segment.sack.size()), segment.sack.size());
        for (const auto& option : segment.mptcp)
        {
            ASSERT_TRUE(space.AddMptcp(option));
        }

        TcpHeader header;
        header.SetSourcePort(segment.sourcePort);
        header.SetDestinationPort(segment.destinationPort);
        header.SetSequenceNumber(segment.seq);
        header.SetAckNumber(segment.ack);
        header.SetFlags(segment.flags);
        header.SetWindowSize(segment.window);
        TcpOptionBlob::Append(header, space, spare);
        ASSERT_EQ(header.GetSerializedSize(), size);
        Buffer written;
        written.AddAtStart(static_cast<uint32_t>(size));
        header.Serialize(written.Begin());
        std::vector<uint8_t> bytes(size);
        written.CopyData(bytes.data(), static_cast<uint32_t>(size));
        // The checksum covers addresses and payload.
        bytes[16] = captured.bytes[16];
        bytes[17] = captured.bytes[17];
        ASSERT_EQ(bytes,
                  std::vector<uint8_t>(captured.bytes.begin(), captured.bytes.begin() + size));
        ASSERT_EQ(segment.payloadSize, captured.size - size);
        ++headers;
    }
    EXPECT_EQ(headers, 2587U);
}

TEST(KernelCaptures, KeysGiveTheKernelsTokensHmacsAndDataSequenceNumbers)
{
    Found all;
    for (const auto& name : GetKernelCaptures())
    {
        KeyChecker checker;
        for (const auto& captured : GetKernelSegments())
        {
            if (captured.file == name)
            {
                SCOPED_TRACE(Where(captured));
                checker.Check(captured);
            }
        }
        EXPECT_GT(checker.found.connections, 0U) << name;
        EXPECT_EQ(checker.found.dataAcks, checker.found.connections * 2) << name;
        all.connections += checker.found.connections;
        all.tokens += checker.found.tokens;
        all.synAckHmacs += checker.found.synAckHmacs;
        all.ackHmacs += checker.found.ackHmacs;
        all.addressHmacs += checker.found.addressHmacs;
        all.portHmacs += checker.found.portHmacs;
        all.mappings += checker.found.mappings;
        all.fastcloseKeys += checker.found.fastcloseKeys;
    }
    EXPECT_EQ(all.connections, 14U);
    EXPECT_EQ(all.tokens, 10U);
    EXPECT_EQ(all.synAckHmacs, 10U);
    EXPECT_EQ(all.ackHmacs, 10U);
    EXPECT_EQ(all.addressHmacs, 6U);
    EXPECT_EQ(all.portHmacs, 2U);
    EXPECT_GT(all.mappings, 14U);
    EXPECT_EQ(all.fastcloseKeys, 4U);
}

TEST(KernelCaptures, EveryOptionPrints)
{
    for (const auto& captured : GetKernelSegments())
    {
        const auto result =
            ParseTcpSegment(captured.bytes.data(), captured.bytes.size(), captured.size);
        ASSERT_TRUE(result.segment);
        for (const auto& option : result.segment->mptcp)
        {
            std::ostringstream text;
            text << option;
            ASSERT_FALSE(text.str().empty());
        }
    }
}
