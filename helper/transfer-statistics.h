// SPDX-License-Identifier: GPL-2.0-only
#ifndef TRANSFER_STATISTICS_H
#define TRANSFER_STATISTICS_H

#include "ns3/byte-stream-application.h"
#include "ns3/mptcp-connection.h"
#include "ns3/nstime.h"
#include "ns3/queue.h"
#include "ns3/tcp-socket-base.h"

#include <cstdint>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * Watches one transfer between two ByteStreamApplication, over MPTCP, over this module's TCP or
 * over ns-3's, and writes what happened as text: series in columns, with the units in the first
 * line. All times count from the beginning of the simulation, when the transfer connects.
 */
class TransferStatistics
{
  public:
    /// A path, which is known by the phone's addresses.
    struct Path
    {
        std::string name;                 //!< for the names of columns
        std::vector<IpAddress> addresses; //!< of the phone
        /// Where data waits before this access; nullptr: not known
        Ptr<const QueueBase> queue{};
    };

    /// What to look at, and where to write.
    struct Settings
    {
        std::string folder;              //!< of the series; empty: they are not written
        std::vector<Path> paths;         //!< of the phone; the first one has the outage
        Time end;                        //!< of the transfer
        std::optional<Time> outageStart; //!< begin of the outage, if there is one
        Time outageEnd;                  //!< its end
        Time bin{MilliSeconds(100)};     //!< that goodput is averaged over
        Time sample{MilliSeconds(10)};   //!< between looks at windows and RTTs
        uint32_t blockSize{16384};       //!< bytes whose delay is measured
    };

    /// What came out.
    struct Result
    {
        double goodput{0};                //!< delivered to the application, in Mb/s
        std::optional<double> early;      //!< from 2 s to the outage, in Mb/s
        std::optional<double> before;     //!< from 5 s to the outage, in Mb/s
        std::vector<uint64_t> pathBytes;  //!< bytes that arrived first on each path
        std::optional<Time> interruption; //!< longest gap between deliveries, if there were any
        std::optional<Time> back;         //!< from the end of the outage to data on the first path
        uint64_t reinjected{0};           //!< bytes sent again on another path
        std::optional<uint64_t> copies;   //!< bytes that arrived twice; unknown of stock TCP
        uint64_t delivered{0};            //!< bytes delivered to the application
        uint64_t wrong{0};                //!< of them, not those that were sent
        std::optional<Time> medianDelay;  //!< of the blocks
    };

    /// @param settings what to look at
    explicit TransferStatistics(const Settings& settings);
    ~TransferStatistics();
    TransferStatistics(const TransferStatistics&) = delete;
    TransferStatistics& operator=(const TransferStatistics&) = delete;

    /**
     * Begin, before the simulation does.
     * @param sender who sends: a ByteStreamApplication, a RangeServer or RangeClient, or a
     * PosixApplication whose program sends the same bytes
     * @param receiver who receives: one of them
     */
    void Watch(Ptr<Application> sender, Ptr<Application> receiver);

    /// @return the results; the series are complete
    Result Finish();

  private:
    /// What is known of one subflow of the sender, or of stock TCP's connection.
    struct Flow
    {
        uint32_t path{0};          //!< index of its path
        Ptr<MptcpSubflow> subflow; //!< nullptr: stock TCP, which tells the values below
        uint32_t window{0};        //!< congestion window in bytes
        uint32_t threshold{0};     //!< slow start threshold in bytes
        uint32_t inFlight{0};      //!< bytes in flight
        Time rtt{0};               //!< smoothed; zero: not known
        Time rto{0};               //!< retransmission time-out
    };

    /// How a piece of data was sent, as written.
    enum class Kind
    {
        FIRST = 0,
        AGAIN = 1,
        REINJECTION = 2
    };

    /// @param subflow of either end @return index of its path
    uint32_t GetPath(const MptcpSubflow& subflow) const;
    /// @param socket of either end, of stock TCP @return index of its path
    uint32_t GetPath(Ptr<Socket> socket) const;
    /// @param subflow of the sender @return its index in m_flows
    uint32_t GetFlow(Ptr<MptcpSubflow> subflow);
    /// Watch a connection. @param socket its @param sender at the sender's end
    void OnConnected(Ptr<Socket> socket, bool sender);
    /// Watch the sender's end. @param connection its @param base offset in the stream of what is
    /// the connection's first byte; below 0 for the heads of requests, which are passed over
    void WatchSender(Ptr<MptcpConnection> connection, int64_t base);
    /// Watch the sender's end of stock TCP. @param socket its
    void WatchStockSender(Ptr<TcpSocketBase> socket);
    /// Data left the sender. @param flow index in m_flows @param offset in the stream, below 0 for
    /// what does not belong to it @param size bytes @param kind how
    void OnSent(uint32_t flow, int64_t offset, uint32_t size, Kind kind);
    /// Data arrived. @param path where @param size bytes @param again not for the first time
    void OnArrived(uint32_t path, uint32_t size, bool again);
    /// A program has read bytes. @param bytes as they came
    void OnRead(const std::vector<uint8_t>& bytes);
    /// Data was delivered to the application. @param offset in the stream @param size bytes
    void OnDelivered(uint64_t offset, uint32_t size);
    /// Write windows, RTTs and what waits, and come again.
    void Sample();
    /// Write what was delivered since the last time, and come again.
    void WriteGoodput();
    /// @param from begin @param to end @return what was delivered then, in Mb/s
    std::optional<double> GetMean(Time from, Time to) const;
    /// @param name of a series @param columns its first line @return the file
    std::ofstream Open(const std::string& name, const std::string& columns) const;

    Settings m_settings;         //!< see Settings
    Ptr<Application> m_receiver; //!< who receives
    uint64_t m_wrong{0};         //!< bytes that a program should not have read
    std::vector<Flow> m_flows;   //!< of the sender
    std::map<const MptcpSubflow*, uint32_t> m_flowIndex; //!< of the sender's subflows
    uint64_t m_stockSent{0}; //!< bytes that stock TCP has sent at least once

    std::vector<uint64_t> m_pathBytes;  //!< see Result
    std::vector<uint64_t> m_binBytes;   //!< the same, in the current bin
    uint64_t m_binDelivered{0};         //!< delivered in the current bin
    uint64_t m_delivered{0};            //!< bytes delivered
    uint64_t m_reinjected{0};           //!< see Result
    std::optional<uint64_t> m_copies;   //!< see Result
    std::optional<Time> m_lastDelivery; //!< to the application
    Time m_longestGap{0};               //!< between deliveries
    std::optional<Time> m_back;         //!< see Result
    std::map<Time, uint64_t> m_marks;   //!< bytes delivered by a moment
    std::vector<Time> m_blockSent;      //!< when each block's first byte first left
    std::vector<Time> m_blockDelay;     //!< of the blocks that were delivered

    std::ofstream m_goodputFile;  //!< goodput.dat
    std::ofstream m_sequenceFile; //!< data-sequence.dat
    std::ofstream m_windowFile;   //!< window.dat
    std::ofstream m_queueFile;    //!< queue.dat
    std::ofstream m_blockFile;    //!< block-delay.dat
};

} // namespace ns3

#endif // TRANSFER_STATISTICS_H
