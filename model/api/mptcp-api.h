/* SPDX-License-Identifier: GPL-2.0-only */
/** @file
 * The socket API of draft-hesmans-mptcp-socket-03 for programs in C (and C++): the names of its
 * options, its structures, its events, and Linux's own options for Multipath TCP. It depends on
 * nothing of ns-3. doc/socket-api.md describes each option.
 *
 * As C, the draft's struct mptcp_sub_tuple overlaps itself: addrs[0] is followed by members that
 * the addresses would overwrite. Here addrs comes last, and so the draft's sample code works as it
 * is printed. Option numbers 66 to 72 are those of the Linux kernel that had the draft's options;
 * its layouts of the tuple keep their numbers under names with KERNEL in them, since the length of
 * an option cannot tell the two layouts apart.
 */
#ifndef MPTCP_API_H
#define MPTCP_API_H

#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

/* Options of level IPPROTO_TCP. */

#define MPTCP_GET_SUB_IDS 66  /**< getsockopt: struct mptcp_sub_ids */
#define MPTCP_CLOSE_SUB_ID 67 /**< both: struct mptcp_close_sub_id, or its first byte */
#define MPTCP_CLOSE_SUBFLOW MPTCP_CLOSE_SUB_ID /**< another name of the draft for it */
#define MPTCP_KERNEL_GET_SUB_TUPLE 68  /**< getsockopt: id, then two addresses from byte 1 */
#define MPTCP_KERNEL_OPEN_SUB_TUPLE 69 /**< both: id, perhaps prio, then two addresses */
#define MPTCP_SUB_GETSOCKOPT 71        /**< getsockopt: struct mptcp_sub_getsockopt */
#define MPTCP_SUB_SETSOCKOPT 72        /**< setsockopt: struct mptcp_sub_setsockopt */

#define MPTCP_GET_SUB_TUPLE 168      /**< getsockopt: struct mptcp_sub_tuple */
#define MPTCP_OPEN_SUB_TUPLE 169     /**< both: struct mptcp_sub_tuple */
#define MPTCP_EVENT_SUBSCRIPTION 170 /**< both: struct mptcp_event_subscription */
#define MPTCP_READ_EVENT 171         /**< getsockopt: the oldest event, union mptcp_event */
#define MPTCP_SET_SUB_PRIO 172       /**< setsockopt: struct mptcp_sub_prio */

/** A subflow's state: figure 1. Bit 0 is the draft's flag; clients of the kernel read bits 1 to 4,
 * so the same flag stands in bit 3 again. */
struct mptcp_sub_status
{
    uint8_t id;                     /**< of the subflow */
    uint16_t low_prio : 1;          /**< it is a backup, whoever asked for that */
    uint16_t fully_established : 1; /**< data can be sent on it */
    uint16_t attached : 1;          /**< always 1: it belongs to the connection */
    uint16_t kernel_low_prio : 1;   /**< as low_prio */
    uint16_t pre_established : 1;   /**< the last ACK of MP_JOIN's handshake is awaited */
};

/* C has arrays whose length is told elsewhere; C++ has them as an extension. */
#ifdef __GNUC__
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#endif

/** Figure 1: 2 bytes, then 2 for each subflow, the newest first. */
struct mptcp_sub_ids
{
    uint8_t sub_count;                    /**< elements of sub_status */
    struct mptcp_sub_status sub_status[]; /**< of each subflow */
};

/* A segment routing header, RFC 8754, as <linux/seg6.h> has it (figure 11). */
struct ipv6_sr_hdr;

/** Figures 3, 6 and 10: 16 bytes, then two struct sockaddr_in or two struct sockaddr_in6, the local
 * address first. */
struct mptcp_sub_tuple
{
    uint8_t id;                   /**< OPEN: output; GET: input */
    uint8_t prio;                 /**< OPEN: not 0 for a backup; GET: output */
    int if_idx;                   /**< OPEN: interface, 0 for any; GET: output */
    struct ipv6_sr_hdr* ipv6_srh; /**< OPEN: of all packets, segments[0] is filled in; or NULL */
    uint8_t addrs[];              /**< two addresses */
};

#ifdef __GNUC__
#pragma GCC diagnostic pop
#endif

/** Figure 5. */
struct mptcp_close_sub_id
{
    uint8_t id; /**< of the subflow */
    int how;    /**< SHUT_RD, SHUT_WR, SHUT_RDWR or MPTCP_SHUT_RST */
};

#define MPTCP_SHUT_RST 3 /**< how: end it at once, by a RST */
#if !defined(__cplusplus) && !defined(RST)
#define RST MPTCP_SHUT_RST /**< the draft's name */
#endif

/** Figure 8. */
struct mptcp_sub_getsockopt
{
    uint8_t id;           /**< of the subflow */
    int level;            /**< of the option */
    int optname;          /**< of the option */
    char* optval;         /**< value of the option */
    unsigned int* optlen; /**< its bytes */
};

/** Figure 8. */
struct mptcp_sub_setsockopt
{
    uint8_t id;          /**< of the subflow */
    int level;           /**< of the option */
    int optname;         /**< of the option */
    char* optval;        /**< value of the option */
    unsigned int optlen; /**< its bytes */
};

/** What the draft has no option for: change prio later (MP_PRIO). */
struct mptcp_sub_prio
{
    uint8_t id;   /**< of the subflow */
    uint8_t prio; /**< not 0 for a backup */
};

/** What TCP_INFO gives: Linux's struct tcp_info as of Linux 6.7, under another name since the one
 * in a C library's header may be older and shorter. A shorter buffer gets the first members. Times
 * are in microseconds, the last_ ones in milliseconds. What the simulated TCP does not count is 0.
 */
struct mptcp_tcp_info
{
    uint8_t tcpi_state;          /**< TCP_ESTABLISHED and so on */
    uint8_t tcpi_ca_state;       /**< of congestion control: open, disorder, CWR, recovery, loss */
    uint8_t tcpi_retransmits;    /**< time-outs in a row */
    uint8_t tcpi_probes;         /**< probes without an answer */
    uint8_t tcpi_backoff;        /**< doublings of the time-out */
    uint8_t tcpi_options;        /**< bits: time stamps, SACK, window scaling, ECN */
    uint8_t tcpi_snd_wscale : 4; /**< shift of the peer's window */
    uint8_t tcpi_rcv_wscale : 4; /**< shift of the own window */
    uint8_t tcpi_delivery_rate_app_limited : 1; /**< 1: the application limited the rate */
    uint8_t tcpi_fastopen_client_fail : 2;      /**< 0 */
    uint32_t tcpi_rto;                          /**< retransmission time-out */
    uint32_t tcpi_ato;                          /**< delay of acknowledgments */
    uint32_t tcpi_snd_mss;                      /**< bytes of a segment to send */
    uint32_t tcpi_rcv_mss;                      /**< bytes of a segment that comes */
    uint32_t tcpi_unacked;                      /**< segments in flight */
    uint32_t tcpi_sacked;                       /**< segments by SACK */
    uint32_t tcpi_lost;                         /**< segments held to be lost */
    uint32_t tcpi_retrans;                      /**< retransmitted segments in flight */
    uint32_t tcpi_fackets;                      /**< not used any more */
    uint32_t tcpi_last_data_sent;               /**< ago */
    uint32_t tcpi_last_ack_sent;                /**< ago; Linux has 0 */
    uint32_t tcpi_last_data_recv;               /**< ago */
    uint32_t tcpi_last_ack_recv;                /**< ago */
    uint32_t tcpi_pmtu;                         /**< path MTU in bytes */
    uint32_t tcpi_rcv_ssthresh;                 /**< receive window clamp in bytes */
    uint32_t tcpi_rtt;                          /**< smoothed round-trip time */
    uint32_t tcpi_rttvar;                       /**< its mean deviation */
    uint32_t tcpi_snd_ssthresh;                 /**< slow start threshold in segments */
    uint32_t tcpi_snd_cwnd;                     /**< congestion window in segments */
    uint32_t tcpi_advmss;                       /**< MSS that was advertised */
    uint32_t tcpi_reordering;                   /**< segments that may overtake each other */
    uint32_t tcpi_rcv_rtt;                      /**< round-trip time as the receiver sees it */
    uint32_t tcpi_rcv_space;                    /**< bytes that the reader takes per round trip */
    uint32_t tcpi_total_retrans;                /**< retransmitted segments in all */
    uint64_t tcpi_pacing_rate;                  /**< bytes per second */
    uint64_t tcpi_max_pacing_rate;              /**< its limit */
    uint64_t tcpi_bytes_acked;                  /**< of data sent */
    uint64_t tcpi_bytes_received;               /**< of data */
    uint32_t tcpi_segs_out;                     /**< segments sent */
    uint32_t tcpi_segs_in;                      /**< segments received */
    uint32_t tcpi_notsent_bytes;                /**< that wait to be sent */
    uint32_t tcpi_min_rtt;                      /**< least round-trip time */
    uint32_t tcpi_data_segs_in;                 /**< segments with data received */
    uint32_t tcpi_data_segs_out;                /**< segments with data sent */
    uint64_t tcpi_delivery_rate;                /**< bytes per second */
    uint64_t tcpi_busy_time;                    /**< time with data to send */
    uint64_t tcpi_rwnd_limited;                 /**< of it, stopped by the receive window */
    uint64_t tcpi_sndbuf_limited;               /**< of it, stopped by the send buffer */
    uint32_t tcpi_delivered;                    /**< segments delivered */
    uint32_t tcpi_delivered_ce;                 /**< of them, marked by ECN */
    uint64_t tcpi_bytes_sent;                   /**< of data, repetitions too */
    uint64_t tcpi_bytes_retrans;                /**< of data repeated */
    uint32_t tcpi_dsack_dups;                   /**< duplicates that DSACK told */
    uint32_t tcpi_reord_seen;                   /**< reorderings seen */
    uint32_t tcpi_rcv_ooopack;                  /**< segments received out of order */
    uint32_t tcpi_snd_wnd;                      /**< peer's window in bytes */
    uint32_t tcpi_rcv_wnd;                      /**< own window in bytes */
    uint32_t tcpi_rehash;                       /**< new hashes of the path after time-outs */
    uint16_t tcpi_total_rto;                    /**< time-outs in all */
    uint16_t tcpi_total_rto_recoveries;         /**< recoveries from them */
    uint32_t tcpi_total_rto_time;               /**< time in them, in milliseconds */
};

/* What Linux itself has: TCP_IS_MPTCP at level IPPROTO_TCP, and options of level SOL_MPTCP, for
 * getsockopt. The structures are Linux's (6.12) under names of their own. */

#define MPTCP_TCP_IS_MPTCP 43 /**< TCP_IS_MPTCP: an int, 1 or 0 */

#define MPTCP_SOL_MPTCP 284         /**< SOL_MPTCP */
#define MPTCP_LINUX_INFO 1          /**< MPTCP_INFO: struct mptcp_linux_info */
#define MPTCP_LINUX_TCPINFO 2       /**< MPTCP_TCPINFO */
#define MPTCP_LINUX_SUBFLOW_ADDRS 3 /**< MPTCP_SUBFLOW_ADDRS */
#define MPTCP_LINUX_FULL_INFO 4     /**< MPTCP_FULL_INFO: struct mptcp_linux_full_info */

/** struct mptcp_info: 96 bytes. Members whose description begins with 0 are always that here. */
struct mptcp_linux_info
{
    uint8_t mptcpi_subflows;              /**< that have joined */
    uint8_t mptcpi_add_addr_signal;       /**< 0; ADD_ADDRs sent */
    uint8_t mptcpi_add_addr_accepted;     /**< 0; ADD_ADDRs taken */
    uint8_t mptcpi_subflows_max;          /**< limit of subflows that have joined */
    uint8_t mptcpi_add_addr_signal_max;   /**< 0; limit of ADD_ADDRs sent */
    uint8_t mptcpi_add_addr_accepted_max; /**< 0; limit of ADD_ADDRs taken */
    uint32_t mptcpi_flags;                /**< bit 1: the peer's key is known */
    uint32_t mptcpi_token;                /**< this end's */
    uint64_t mptcpi_write_seq;            /**< data sequence number of the next byte written */
    uint64_t mptcpi_snd_una;              /**< first one not acknowledged */
    uint64_t mptcpi_rcv_nxt;              /**< next one that is expected */
    uint8_t mptcpi_local_addr_used;       /**< 0; local addresses with subflows */
    uint8_t mptcpi_local_addr_max;        /**< 0; limit of them */
    uint8_t mptcpi_csum_enabled;          /**< 1: with DSS checksums */
    uint32_t mptcpi_retransmits;          /**< 0; data-level retransmissions in a row */
    uint64_t mptcpi_bytes_retrans;        /**< 0; sent again on another subflow */
    uint64_t mptcpi_bytes_sent;           /**< of data, each once */
    uint64_t mptcpi_bytes_received;       /**< of data */
    uint64_t mptcpi_bytes_acked;          /**< of data sent */
    uint8_t mptcpi_subflows_total;        /**< with the first one, while it lasts */
    uint8_t reserved[3];                  /**< 0 */
    uint32_t mptcpi_last_data_sent;       /**< 0; ms ago */
    uint32_t mptcpi_last_data_recv;       /**< 0; ms ago */
    uint32_t mptcpi_last_ack_recv;        /**< 0; ms ago */
};

/** struct mptcp_subflow_data: stands before the array of MPTCP_TCPINFO and MPTCP_SUBFLOW_ADDRS. */
struct mptcp_linux_subflow_data
{
    uint32_t size_subflow_data; /**< in: of this structure */
    uint32_t num_subflows;      /**< out: how many there are; 0 in */
    uint32_t size_kernel;       /**< out: of an element; 0 in */
    uint32_t size_user;         /**< in: of an element of the caller's array */
} __attribute__((aligned(8)));

/** struct mptcp_subflow_addrs: 256 bytes. */
struct mptcp_linux_subflow_addrs
{
    struct sockaddr_storage local;  /**< address and port here */
    struct sockaddr_storage remote; /**< the peer's */
};

/** struct mptcp_subflow_info: 264 bytes. */
struct mptcp_linux_subflow_info
{
    uint32_t id;                            /**< of the subflow */
    struct mptcp_linux_subflow_addrs addrs; /**< two addresses */
};

/** struct mptcp_full_info: 136 bytes. A caller may leave mptcp_info out, or the end of it. */
struct mptcp_linux_full_info
{
    uint32_t size_tcpinfo_kernel; /**< out: bytes of a struct mptcp_tcp_info; 0 in */
    uint32_t size_tcpinfo_user;   /**< in and out: bytes of an element of tcp_info */
    uint32_t size_sfinfo_kernel;  /**< out: bytes of a struct mptcp_linux_subflow_info; 0 in */
    uint32_t size_sfinfo_user;    /**< in and out: bytes of an element of subflow_info */
    uint32_t num_subflows;        /**< out: how many there are; 0 in */
    uint32_t size_arrays_user;    /**< in: elements of each array */
    uint64_t subflow_info;        /**< in: address of an array of struct mptcp_linux_subflow_info */
    uint64_t tcp_info;            /**< in: address of an array of struct mptcp_tcp_info */
    struct mptcp_linux_info mptcp_info; /**< of the connection */
};

/* The basic API of RFC 6897, section 5.3, at level IPPROTO_TCP. It gives names, no numbers and no
 * structures. Lists of addresses are struct sockaddr_in and struct sockaddr_in6 in any order, one
 * behind the other, as for sctp_bindx(). */

#define TCP_MULTIPATH_ENABLE 180   /**< both: an int, 0 or 1 */
#define TCP_MULTIPATH_ADD 181      /**< setsockopt: addresses; port 0: any */
#define TCP_MULTIPATH_REMOVE 182   /**< setsockopt: addresses; ports are ignored */
#define TCP_MULTIPATH_SUBFLOWS 183 /**< getsockopt: array of struct mptcp_linux_subflow_addrs */
#define TCP_MULTIPATH_CONNID 184   /**< getsockopt: a uint32_t, the token of this end */

/* Events: section 4. They are read by MPTCP_READ_EVENT, or by recvmsg() as ancillary data: each one
 * has a struct cmsghdr of level IPPROTO_TCP and type MPTCP_SCM_EVENT before it, and msg_flags has
 * MPTCP_MSG_EVENT. An event without a byte of data is no end of file: recvmsg() then fails with
 * ENOMSG. poll() tells of events by POLLPRI. */

#define MPTCP_SCM_EVENT MPTCP_READ_EVENT /**< cmsg_type of an event */
#define MPTCP_MSG_EVENT 0x8000           /**< as MSG_NOTIFICATION of SCTP */

#define MPTCP_EVENT_SUB_CREATED 1    /**< struct mptcp_subflow_event */
#define MPTCP_EVENT_SUB_DELETED 2    /**< struct mptcp_subflow_event */
#define MPTCP_EVENT_LOCAL_ADDRESS 3  /**< struct mptcp_address_event */
#define MPTCP_EVENT_REMOTE_ADDRESS 4 /**< struct mptcp_address_event */
#define MPTCP_EVENT_SUB_PRIO 5       /**< struct mptcp_prio_event */

/** MPTCP_EVENT_SUBSCRIPTION; getsockopt reads type and fills on. */
struct mptcp_event_subscription
{
    uint8_t type; /**< MPTCP_EVENT_..., 0: all of them */
    uint8_t on;   /**< 1 or 0 */
};

/** Flag of an event: others that came before it were lost, since nobody read them in time. */
#define MPTCP_EVENT_OVERFLOW 1

/** Each event begins with it: 8 bytes. */
struct mptcp_event_header
{
    uint16_t type;   /**< MPTCP_EVENT_... */
    uint16_t flags;  /**< MPTCP_EVENT_OVERFLOW */
    uint32_t length; /**< of the whole event in bytes */
};

/* Who did something. */
#define MPTCP_BY_THIS_END 1 /**< this host */
#define MPTCP_BY_PEER 2     /**< the other one */

/* Why a subflow was deleted. */
#define MPTCP_DELETED_CLOSED_LOCAL 1    /**< by FINs, ours first */
#define MPTCP_DELETED_CLOSED_REMOTE 2   /**< by FINs, the peer's first */
#define MPTCP_DELETED_RESET_LOCAL 3     /**< by a RST of ours */
#define MPTCP_DELETED_RESET_REMOTE 4    /**< by a RST of the peer */
#define MPTCP_DELETED_TIMED_OUT 5       /**< nothing came back */
#define MPTCP_DELETED_ADDRESS_REMOVED 6 /**< an end has lost an address of it */
#define MPTCP_DELETED_ADMINISTRATIVE 7  /**< by MPTCP_SHUT_RST */
#define MPTCP_DELETED_REFUSED 8         /**< a RST answered our SYN */

#define MPTCP_NO_RST_REASON 255 /**< there was no MP_TCPRST */

/** 16 bytes. */
struct mptcp_subflow_event
{
    struct mptcp_event_header header; /**< first of each */
    uint8_t id;                       /**< of the subflow */
    uint8_t reason;                   /**< deleted: MPTCP_DELETED_... */
    uint8_t rst_reason; /**< deleted: of MP_TCPRST, RFC 8684 section 3.6, or MPTCP_NO_RST_REASON */
    uint8_t opened_by;  /**< MPTCP_BY_... */
    int32_t error;      /**< deleted: an errno; 0 after FINs */
};

/** 44 bytes. */
struct mptcp_address_event
{
    struct mptcp_event_header header; /**< first of each */
    uint8_t address_id;               /**< of the end that has the address */
    uint8_t available;                /**< 1: new; 0: gone */
    uint16_t reserved;                /**< 0 */
    int32_t if_idx;                   /**< of a local address, as OPEN wants it */

    union
    {
        struct sockaddr sa;       /**< to see the family */
        struct sockaddr_in sin;   /**< with the port that OPEN wants: 0 for a local address */
        struct sockaddr_in6 sin6; /**< the same */
    } addr;                       /**< the address */
};

/** 12 bytes. */
struct mptcp_prio_event
{
    struct mptcp_event_header header; /**< first of each */
    uint8_t id;                       /**< of the subflow */
    uint8_t low_prio;                 /**< 1: a backup now */
    uint8_t changed_by;               /**< MPTCP_BY_... */
    uint8_t reserved;                 /**< 0 */
};

/** Any event. */
union mptcp_event
{
    struct mptcp_event_header header;   /**< first of each */
    struct mptcp_subflow_event subflow; /**< MPTCP_EVENT_SUB_CREATED, _DELETED */
    struct mptcp_address_event address; /**< MPTCP_EVENT_LOCAL_ADDRESS, _REMOTE_ADDRESS */
    struct mptcp_prio_event prio;       /**< MPTCP_EVENT_SUB_PRIO */
};

#endif /* MPTCP_API_H */
