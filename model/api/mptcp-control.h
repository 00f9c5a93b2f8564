/* SPDX-License-Identifier: GPL-2.0-only */
/** @file
 * A daemon that manages the subflows of all connections of its node: the "user space" path manager
 * of draft-hesmans-mptcp-socket-03. It depends on nothing of ns-3. doc/socket-api.md tells more.
 *
 * The daemon has a descriptor: fd = socket(MPTCP_PF_CONTROL, SOCK_DGRAM, 0). Each send() is one
 * request, each recv() one message: an answer or an event. Each begins with struct
 * mptcp_control_header; answers have the sequence number of their request, events 0. The last (or
 * only) answer to a request is of type MPTCP_CONTROL_DONE. All numbers are in the byte order of the
 * host.
 */
#ifndef MPTCP_CONTROL_H
#define MPTCP_CONTROL_H

#include "mptcp-api.h"

#define MPTCP_PF_CONTROL 0x4d50 /**< no address family has this number */

/* Requests. */
#define MPTCP_CONTROL_SUBSCRIBE 1   /**< struct mptcp_control_subscribe */
#define MPTCP_CONTROL_CONNECTIONS 2 /**< the header; answers: struct mptcp_control_connection */
#define MPTCP_CONTROL_SUBFLOWS 3    /**< the header; answers: struct mptcp_control_subflow */
#define MPTCP_CONTROL_OPEN 4        /**< struct mptcp_control_subflow; DONE tells the id */
#define MPTCP_CONTROL_CLOSE 5       /**< struct mptcp_control_close */
#define MPTCP_CONTROL_PRIO 6        /**< struct mptcp_control_prio */
#define MPTCP_CONTROL_ANNOUNCE 7    /**< struct mptcp_control_address: ADD_ADDR */
#define MPTCP_CONTROL_WITHDRAW 8    /**< struct mptcp_control_address: REMOVE_ADDR */

/* Answers. */
#define MPTCP_CONTROL_DONE 32       /**< struct mptcp_control_done */
#define MPTCP_CONTROL_CONNECTION 33 /**< struct mptcp_control_connection */
#define MPTCP_CONTROL_SUBFLOW 34    /**< struct mptcp_control_subflow */

/* Events. */
#define MPTCP_CONTROL_CREATED 64 /**< struct mptcp_control_connection: Multipath TCP is in use */
#define MPTCP_CONTROL_CLOSED 65  /**< struct mptcp_control_connection: it is not any more */
#define MPTCP_CONTROL_PATH 66    /**< struct mptcp_control_path */

/** Flag of a message: events that came before it were lost, since nobody read them in time. */
#define MPTCP_CONTROL_OVERFLOW 1

/** 16 bytes. */
struct mptcp_control_header
{
    uint16_t type;     /**< MPTCP_CONTROL_... */
    uint16_t flags;    /**< requests: 0 */
    uint32_t length;   /**< of the whole message in bytes */
    uint32_t sequence; /**< of the request */
    uint32_t token;    /**< of the connection at this end, RFC 8684 section 3.2; 0: none */
};

/** An address with its port: 28 bytes. */
union mptcp_control_sockaddr
{
    struct sockaddr sa;       /**< to see the family */
    struct sockaddr_in sin;   /**< IPv4 */
    struct sockaddr_in6 sin6; /**< IPv6 */
};

/** 20 bytes. */
struct mptcp_control_subscribe
{
    struct mptcp_control_header header; /**< first of each */
    uint8_t on;                         /**< 1: events from now on; 0: no more */
    uint8_t reserved[3];                /**< 0 */
};

/** 24 bytes. */
struct mptcp_control_done
{
    struct mptcp_control_header header; /**< first of each */
    int32_t error;                      /**< an errno; 0: done. ENOENT: unknown token */
    uint8_t id;                         /**< of OPEN: identifier of the subflow */
    uint8_t reserved[3];                /**< 0 */
};

/** 80 bytes. */
struct mptcp_control_connection
{
    struct mptcp_control_header header;  /**< first of each */
    uint8_t client;                      /**< 1: this end has opened it */
    uint8_t reserved[3];                 /**< 0 */
    int32_t error;                       /**< CLOSED: an errno, 0 after an orderly close */
    union mptcp_control_sockaddr local;  /**< of the first subflow */
    union mptcp_control_sockaddr remote; /**< of the first subflow */
};

/** 80 bytes. */
struct mptcp_control_subflow
{
    struct mptcp_control_header header;  /**< first of each */
    uint8_t id;                          /**< OPEN: 0 */
    uint8_t low_prio;                    /**< 1: a backup */
    uint8_t status;                      /**< OPEN: 0; bits as in struct mptcp_sub_status */
    uint8_t reserved;                    /**< 0 */
    int32_t if_idx;                      /**< as in struct mptcp_sub_tuple */
    union mptcp_control_sockaddr local;  /**< OPEN: as in struct mptcp_sub_tuple */
    union mptcp_control_sockaddr remote; /**< OPEN: the same */
};

/** 24 bytes. */
struct mptcp_control_close
{
    struct mptcp_control_header header; /**< first of each */
    uint8_t id;                         /**< of the subflow */
    uint8_t reserved[3];                /**< 0 */
    int32_t how;                        /**< SHUT_RD, SHUT_WR, SHUT_RDWR or MPTCP_SHUT_RST */
};

/** 20 bytes. */
struct mptcp_control_prio
{
    struct mptcp_control_header header; /**< first of each */
    uint8_t id;                         /**< of the subflow */
    uint8_t low_prio;                   /**< 1: a backup */
    uint8_t reserved[2];                /**< 0 */
};

/** 44 bytes. */
struct mptcp_control_address
{
    struct mptcp_control_header header; /**< first of each */
    union mptcp_control_sockaddr addr;  /**< ANNOUNCE: port 0: that of the connection */
};

/** 60 bytes; length says how many of them there are. */
struct mptcp_control_path
{
    struct mptcp_control_header header; /**< first of each */
    union mptcp_event event;            /**< as MPTCP_READ_EVENT has it */
};

#endif /* MPTCP_CONTROL_H */
