// SPDX-License-Identifier: GPL-2.0-only
#ifndef LIVE_CONNECTION_H
#define LIVE_CONNECTION_H

#include "fuzz-input.h"
#include "mptcp-host.h"
#include "script-wire.h"

#include <deque>
#include <memory>
#include <string>

namespace ns3
{

/// What an input chooses before the connection is there.
struct LiveOptions
{
    bool client{false};     //!< the host opens the connection
    bool ipv6{false};       //!< addresses
    bool multipath{true};   //!< false: plain TCP
    bool checksum{false};   //!< DSS checksums
    bool timestamps{false}; //!< RFC 7323
    bool sack{true};        //!< RFC 2018
    bool atOnce{false};     //!< attributes as Linux is
    bool twoHomes{false};   //!< the host has two addresses, and a path manager that uses them
    bool extras{false};     //!< ECN, pacing, and keep-alives after a second of silence
};

/**
 * A connection between a host and a peer that knows all keys and numbers: what it sends is right
 * where the input does not want it otherwise, so that mutations reach the depth.
 */
class LiveConnection
{
  public:
    static constexpr size_t PATHS = 5; //!< most subflows

    /// @param options of it
    explicit LiveConnection(const LiveOptions& options);

    /// @return whether the handshake went through
    bool IsUp() const
    {
        return m_fd >= 0;
    }

    /// @return the host
    mptcp_host* GetHost() const
    {
        return m_host.get();
    }

    /// @return the socket of the connection
    int GetFd() const
    {
        return m_fd;
    }

    /// @return number of subflows that there were
    size_t CountPaths() const
    {
        return m_paths.size();
    }

    /// Let time pass. @param nanoseconds so many
    void Advance(int64_t nanoseconds);
    /// Look at what the host has sent; ends the run if it is malformed.
    void Collect();

    /// @param path number of it @return a segment that is right: an ACK of all that came
    ScriptSegment Next(size_t path) const;

    /// @param path number of it @return relative sequence number behind all that the host has sent
    uint32_t GetReceived(size_t path) const
    {
        return m_paths[path].received;
    }

    /// @param path number of it @return a DSS with the data ACK of all that came
    ScriptOption DataAck() const;

    /// @return relative data sequence number of the peer's next byte
    uint64_t GetNextData() const
    {
        return m_nextData;
    }

    /// Send a segment. @param path number of it @param segment any @param congested with CE
    void Send(size_t path, const ScriptSegment& segment, bool congested = false);
    /// Send an ICMP error. @param path whose segment it quotes @param icmp the error
    void SendIcmp(size_t path, const ScriptIcmp& icmp);
    /// Send data, rightly mapped. @param path number of it @param size bytes @param fin DATA_FIN
    /// too @param congested with CE
    void SendData(size_t path, uint16_t size, bool fin, bool congested = false);
    /// Begin to join from another port. @param rightToken whether with the right token
    void Join(bool rightToken);
    /// Answer the host's SYN/ACK or SYN of a join. @param path number of it
    /// @param rightHmac whether with the right HMAC
    void ContinueJoin(size_t path, bool rightHmac);

  private:
    /// What is known of a subflow.
    struct Live
    {
        ScriptPath path;      //!< its addresses and nonces
        uint32_t next{1};     //!< relative sequence number of the peer's next byte
        uint32_t received{1}; //!< relative sequence number of the host's next byte
        uint32_t echo{0};     //!< last timestamp of the host
        bool hostSyn{false};  //!< the host opened it
    };

    /// @param path number of it @param segment a handshake's
    void Handshake(size_t path, const ScriptSegment& segment);
    /// @param path number of it @param packet arrives on its interface
    void Inject(size_t path, const std::vector<uint8_t>& packet);
    /// @param segment of the host @return number of its path; a new one for a SYN
    size_t Find(const WireSegment& segment);

    LiveOptions m_options;                                     //!< of it
    std::unique_ptr<mptcp_host, void (*)(mptcp_host*)> m_host; //!< it
    ScriptWire m_wire;                                         //!< bytes
    std::deque<Live> m_paths;                                  //!< subflows
    int m_fd{-1};                                              //!< socket of the connection
    uint64_t m_nextData{1};                                    //!< see GetNextData()
    uint64_t m_receivedData{1};                                //!< the host's next byte
};

} // namespace ns3

#endif // LIVE_CONNECTION_H
