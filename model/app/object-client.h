// SPDX-License-Identifier: GPL-2.0-only
#ifndef OBJECT_CLIENT_H
#define OBJECT_CLIENT_H

#include "range-client.h"

#include "ns3/random-variable-stream.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Small requests: asks a RangeServer for an object again and again, whether the last one has come
 * or not, and tells how long each took. What is slow does not slow down the questions.
 */
class PeriodicClient : public RangeClient
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /// @return when the objects were asked for that have not come
    std::vector<Time> GetMissing() const;

    /// TracedCallback signature of Object. @param latency from the moment when it was wanted to
    /// its last byte
    typedef void (*LatencyTracedCallback)(Time latency);

  protected:
    void DoDispose() override;
    void StartApplication() override;
    void StopApplication() override;

  private:
    /// Ask for the next object.
    void Request();

    uint32_t m_size; //!< Size
    Time m_interval; //!< Interval

    EventId m_timer;               //!< for Request()
    uint64_t m_offset{0};          //!< of the next object in the stream
    std::deque<Time> m_asked;      //!< when, of those that have not come
    TracedCallback<Time> m_object; //!< Object
};

/**
 * @ingroup mptcp
 * Web pages, one after the other: first an index, then all of its objects at once, on one
 * connection, as a browser does with HTTP/2. Tells how long each page took to be complete.
 */
class WebPageClient : public RangeClient
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    WebPageClient();
    ~WebPageClient() override;

    /// @return when the page was begun that is not complete
    std::vector<Time> GetMissing() const;

    /**
     * Fix the random numbers of sizes.
     * @param stream first stream number
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

  protected:
    void DoDispose() override;
    void StartApplication() override;
    void StopApplication() override;

  private:
    /// Begin a page.
    void Begin();
    /// The index has come: ask for the objects.
    void OnIndex();
    /// An object has come.
    void OnObject();

    uint32_t m_indexSize;                   //!< IndexSize
    uint32_t m_objects;                     //!< Objects
    Ptr<RandomVariableStream> m_objectSize; //!< ObjectSize
    Time m_pause;                           //!< Pause

    EventId m_timer;             //!< for Begin()
    uint64_t m_offset{0};        //!< of the next object in the stream
    uint32_t m_left{0};          //!< objects of the page that have not come
    std::optional<Time> m_begun; //!< when the page was begun
    TracedCallback<Time> m_page; //!< Page
};

} // namespace ns3

#endif // OBJECT_CLIENT_H
