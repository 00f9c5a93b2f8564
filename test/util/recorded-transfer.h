// SPDX-License-Identifier: GPL-2.0-only
#ifndef RECORDED_TRANSFER_H
#define RECORDED_TRANSFER_H

#include "test-rig.h"

#include <string>
#include <vector>

namespace ns3
{

/**
 * A connection from a rig's client to its server of which every byte that arrives is kept, for
 * networks that change them, ports and addresses included. Each end sends its text and shuts down,
 * and closes when it has read the other's end.
 */
class RecordedTransfer
{
  public:
    /// What one end does and what became of it.
    struct End
    {
        std::string send;           //!< all that it sends
        TestAttributes attributes;  //!< of its socket
        std::string received;       //!< all that it has read
        bool eof{false};            //!< it has read the peer's end
        bool failed{false};         //!< told of an error
        bool shut{false};           //!< has shut down
        bool writing{false};        //!< in Send()
        size_t sent{0};             //!< bytes that Send() took
        Time eofAt;                 //!< when
        Ptr<Socket> socket;         //!< its socket
        std::vector<Time> arrivals; //!< when bytes were read
    };

    /// @param rig whose client and server @param port of the server
    RecordedTransfer(TestRig& rig, uint16_t port);
    ~RecordedTransfer();
    RecordedTransfer(const RecordedTransfer&) = delete;
    RecordedTransfer& operator=(const RecordedTransfer&) = delete;

    /// Listen now and connect a little later; texts and attributes are set before.
    /// @param at when to connect
    void Start(Time at = MilliSeconds(10));

    /// @param size bytes @param seed which @return a text without any order
    static std::string MakeText(size_t size, uint32_t seed);

    End client;           //!< opens the connection
    End server;           //!< accepts it
    uint32_t accepted{0}; //!< connections at the server
    Ptr<Socket> listener; //!< the server's

  private:
    /// @param end one @param socket its
    void Attach(End& end, Ptr<Socket> socket);
    /// @param end sends what there is room for
    static void Write(End& end);
    /// @param end reads what has arrived
    static void Read(End& end);
    /// @param node where @param end whose attributes to take @return a new socket
    static Ptr<Socket> CreateEnd(Ptr<Node> node, const End& end);

    TestRig& m_rig;                     //!< the network
    uint16_t m_port;                    //!< of the server
    std::vector<Ptr<Socket>> m_sockets; //!< that call back
};

} // namespace ns3

#endif // RECORDED_TRANSFER_H
