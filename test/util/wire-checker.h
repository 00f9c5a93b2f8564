// SPDX-License-Identifier: GPL-2.0-only
#ifndef WIRE_CHECKER_H
#define WIRE_CHECKER_H

#include "test-payload.h"
#include "test-rig.h"
#include "wire-segment.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace ns3
{

/**
 * Watches one connection from outside, on all of the client's links, and holds what it sees
 * against RFC 8684, or RFC 6824 if the SYN asks for version 0: lengths and contents of the
 * handshake options, ports of joins, mappings, data ACKs, windows, DATA_FIN. It puts each
 * direction's data together by the data sequence numbers on the wire.
 */
class WireChecker
{
  public:
    /// @param rig whose links to watch, before anything is sent
    /// @param port of the server; other connections are not looked at
    WireChecker(TestRig& rig, uint16_t port);

    /// The two ends.
    enum End
    {
        CLIENT,
        SERVER,
    };

    /// @return empty, or the first thing that is not as the RFC has it
    const std::string& GetProblem() const
    {
        return m_problem;
    }

    /// @param from an end @return bytes from its first on that were on the wire without a gap
    uint64_t GetContiguous(End from) const;
    /// @param from an end @return whether its DATA_FIN was on the wire
    bool HasDataFin(End from) const;
    /// @param from an end @return whether all data and the DATA_FIN were data-acked by the other
    bool IsAllAcked(End from) const;
    /// @param from an end @param path the client's link @return payload bytes there
    uint64_t GetBytes(End from, uint32_t path) const;
    /// @return subflows whose MP_JOIN handshake was completed by its third ACK
    uint32_t GetJoins() const;
    /// @return whether MP_CAPABLE was answered
    bool IsMultipath() const;
    /// @return whether either end has sent an infinite mapping (section 3.7)
    bool HasInfiniteMapping() const;

    /// @return the version that the last SYN with MP_CAPABLE asked for: 0 or 1
    uint8_t GetVersion() const
    {
        return m_version;
    }

    /// @return whether DSS checksums were negotiated
    bool HasChecksums() const
    {
        return m_checksums;
    }

    /// @return segments with any MPTCP option
    uint64_t GetMptcpSegments() const;
    /// @return segments
    uint64_t GetSegments() const;
    /// @param subtype of MPTCP @param from an end @return segments that carried it
    uint64_t Count(uint8_t subtype, End from) const;
    /// @return hash of times and bytes of all segments
    uint64_t GetHash() const;
    /// @param from an end @return its key, 0 if it was not seen
    uint64_t GetKey(End from) const;
    /// @param from an end @return initial sequence number of its first subflow
    uint32_t GetInitialSequence(End from) const;

  private:
    /// Bytes of a subflow that stand for bytes of the data sequence.
    struct Mapping
    {
        uint32_t subflow{0}; //!< first byte, relative to the ISN
        uint64_t data{0};    //!< first byte, 64 bits
        uint32_t length{0};  //!< bytes of data
    };

    /// One end of a subflow.
    struct Half
    {
        std::optional<uint32_t> isn;          //!< initial sequence number
        std::optional<uint8_t> scale;         //!< window scale
        uint32_t nonce{0};                    //!< of MP_JOIN
        std::map<uint32_t, Mapping> mappings; //!< by last byte
        std::optional<uint64_t> ack;          //!< last data ACK
        std::optional<uint64_t> edge;         //!< right edge of the window
        bool fin{false};                      //!< FIN was sent
        bool over{false};                     //!< RST was sent
        bool plain{false};                    //!< infinite mapping or no options any more
        bool dataAcked{false};                //!< data of it was acknowledged with a data ACK
    };

    /// One subflow.
    struct Subflow
    {
        Half halves[2];        //!< by End
        bool joined{false};    //!< by MP_JOIN
        bool confirmed{false}; //!< third ACK of MP_JOIN was right
    };

    /// Addresses and ports of a subflow, the client's first.
    using Key = std::tuple<std::array<uint8_t, 16>, uint16_t, std::array<uint8_t, 16>, uint16_t>;

    /// Remember a port that was advertised. @param from who sent it @param segment any
    void NotePort(End from, const WireSegment& segment);
    /// @param from who sent it @param path where @param segment it
    void OnSegment(End from, uint32_t path, const WireSegment& segment);
    /// @param from who sent it @param subflow of it @param segment it
    void OnHandshake(End from, Subflow& subflow, const WireSegment& segment);
    /// @param from who sent it @param subflow of it @param segment it
    void OnDss(End from, Subflow& subflow, const WireSegment& segment);
    /// Hold a checksum against the payload of its segment. @param data first data sequence number
    /// @param subflow first byte, relative to the ISN @param length data-level length
    /// @param checksum what travelled @param segment it
    void CheckSum(uint64_t data,
                  uint32_t subflow,
                  uint16_t length,
                  uint16_t checksum,
                  const WireSegment& segment);
    /// What version 0 writes otherwise, and what it does not know. @param segment any
    void CheckVersion(const WireSegment& segment);
    /// @param from who sent it @param path where @param subflow of it @param segment it
    void OnPayload(End from, uint32_t path, Subflow& subflow, const WireSegment& segment);
    /// @param what is wrong @param segment where
    void Complain(const std::string& what, const WireSegment& segment);
    /// @param from an end @param begin offset @param end offset: were on the wire
    void Cover(End from, uint64_t begin, uint64_t end);

    uint16_t m_port;                              //!< server's
    uint8_t m_version{1};                         //!< see GetVersion()
    std::string m_problem;                        //!< the first
    std::map<Key, Subflow> m_subflows;            //!< of the connection
    std::optional<uint64_t> m_keys[2];            //!< by End
    uint64_t m_first[2]{};                        //!< IDSN + 1: data sequence number of byte 0
    std::optional<uint32_t> m_initialSequence[2]; //!< of the first subflow
    std::optional<TestPayload> m_payload[2];      //!< by sender
    std::map<uint64_t, uint64_t> m_covered[2];    //!< begin to end of offsets, by sender
    std::optional<uint64_t> m_dataFin[2];         //!< its offset
    uint64_t m_end[2]{};                          //!< behind the last offset mapped
    uint64_t m_acked[2]{};                        //!< offset up to which the other has data-acked
    uint64_t m_edge[2]{};                         //!< offset up to which the other lets send
    std::map<uint32_t, uint64_t> m_bytes[2];      //!< by path
    std::map<uint8_t, uint64_t> m_counts[2];      //!< by subtype
    std::set<uint16_t> m_ports[2];                //!< where to join: first subflow's, advertised
    bool m_infinite{false};                       //!< was seen
    bool m_checksums{false};                      //!< negotiated (section 3.1)
    uint64_t m_mptcpSegments{0};                  //!< count
    uint64_t m_segments{0};                       //!< count
    uint64_t m_hash{14695981039346656037U};       //!< FNV-1a
};

} // namespace ns3

#endif // WIRE_CHECKER_H
