// SPDX-License-Identifier: GPL-2.0-only
#ifndef SCRIPT_WIRE_H
#define SCRIPT_WIRE_H

#include "packet-script.h"
#include "test-payload.h"
#include "wire-segment.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{

/// One TCP connection between the host and the script's peer.
struct ScriptPath
{
    ScriptFlow flow;                   //!< its four-tuple; a local port of 0 is not known yet
    std::optional<uint32_t> hostIsn;   //!< initial sequence number of the host
    uint32_t peerIsn{0};               //!< initial sequence number of the peer
    std::optional<uint32_t> hostNonce; //!< of MP_JOIN
    std::optional<uint32_t> peerNonce; //!< of MP_JOIN
};

/**
 * Between segments in a script's words and bytes: keys, tokens, HMACs, checksums and all numbers
 * that are relative. Judges by the RFCs, without the module's code.
 */
class ScriptWire
{
  public:
    /// @param path which way @param segment from the peer @return an IP packet
    std::vector<uint8_t> Encode(ScriptPath& path, const ScriptSegment& segment);

    /// @param path which way @param bytes what the host has sent @param data offset of the payload
    /// where the segment does not tell it @param problem is set if the payload is wrong
    /// @return it in words
    ScriptSegment Decode(ScriptPath& path,
                         const WireSegment& bytes,
                         std::optional<uint64_t> data,
                         std::string& problem);

    /// @param expected what should have come @param seen what came @return how they differ
    std::vector<std::string> Compare(const ScriptSegment& expected, const ScriptSegment& seen);

    /// @return what the application of the host writes
    const TestPayload& GetHostPayload() const
    {
        return m_hostPayload;
    }

    /// @return what the application of the host should read
    const TestPayload& GetPeerPayload() const
    {
        return m_peerPayload;
    }

  private:
    /// @param option in words @param path which way @return its bytes
    std::vector<uint8_t> EncodeOption(const ScriptOption& option, ScriptPath& path);
    /// @param option in words @param path which way @param body gets what follows kind and length
    void EncodeMptcp(const ScriptOption& option, ScriptPath& path, std::vector<uint8_t>& body);
    /// @param option in bytes @param path which way @return it in words
    ScriptOption DecodeOption(const WireSegment::Option& option, ScriptPath& path);
    /// @param body of the option @param path which way @param option gets name and fields
    void DecodeMptcp(const std::vector<uint8_t>& body, ScriptPath& path, ScriptOption& option);
    /// @param expected in the script @param seen on the wire @return how they differ
    std::vector<std::string> CompareFields(const ScriptOption& expected, const ScriptOption& seen);

    /// @param text "host", "peer", "wrong" or a number @return the key
    uint64_t Key(const std::string& text) const;
    /// @param key any @return its name, or the number
    std::string KeyName(uint64_t key) const;
    /// @param ofHost whose @return initial data sequence number
    uint64_t DataIsn(bool ofHost) const;
    /// @param text a number or a symbol @return the nonce
    uint32_t Nonce(const std::string& text);
    /// @param fromHost who sends it @param path with both nonces @return HMAC of MP_JOIN
    std::vector<uint8_t> JoinHmac(bool fromHost, const ScriptPath& path) const;
    /// @param fromHost who sends it @param option id, address and port @return HMAC of ADD_ADDR
    uint64_t AddressHmac(bool fromHost, const std::vector<uint8_t>& option) const;
    /// @param payload of the data @param dsn relative @param ssn relative @param length of the
    /// mapping @param bytes of data in it @param isn of the data @return checksum of a mapping
    static uint16_t Checksum(const TestPayload& payload,
                             uint64_t dsn,
                             uint32_t ssn,
                             uint16_t length,
                             uint16_t bytes,
                             uint64_t isn);

    uint8_t m_version{1};                     //!< of the last MP_CAPABLE
    std::optional<uint64_t> m_hostKey;        //!< once it was seen
    uint64_t m_peerKey{0x70656572206b6579};   //!< of the script
    std::map<std::string, uint32_t> m_nonces; //!< symbols
    TestPayload m_hostPayload{1};             //!< see GetHostPayload()
    TestPayload m_peerPayload{2};             //!< see GetPeerPayload()
};

} // namespace ns3

#endif // SCRIPT_WIRE_H
