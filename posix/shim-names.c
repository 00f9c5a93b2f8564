/* SPDX-License-Identifier: GPL-2.0-only */
/* getaddrinfo() and its kin, for addresses and port numbers: a node has no name server. */
#define _GNU_SOURCE
#include "shim.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
    PROTOCOL_MPTCP = 262 /* IPPROTO_MPTCP, which older headers lack */
};

/* A number from 0 to 65535, or -1. */
static int
parse_port(const char* text)
{
    char* end;
    const long port = strtol(text, &end, 10);
    return *text && !*end && port >= 0 && port <= 65535 ? (int)port : -1;
}

/* An answer with its address behind it, as one piece of memory. */
static struct addrinfo*
make_answer(int family, int type, int protocol, const void* address, int port)
{
    struct answer
    {
        struct addrinfo info;
        struct sockaddr_storage name;
    }* answer = calloc(1, sizeof(*answer));

    if (!answer)
    {
        return NULL;
    }
    struct addrinfo* info = &answer->info;
    info->ai_family = family;
    info->ai_socktype = type;
    info->ai_protocol = protocol;
    info->ai_addr = (struct sockaddr*)&answer->name;
    if (family == AF_INET)
    {
        struct sockaddr_in* sin = (struct sockaddr_in*)&answer->name;
        info->ai_addrlen = sizeof(*sin);
        sin->sin_family = AF_INET;
        sin->sin_port = htons((uint16_t)port);
        memcpy(&sin->sin_addr, address, sizeof(sin->sin_addr));
    }
    else
    {
        struct sockaddr_in6* sin6 = (struct sockaddr_in6*)&answer->name;
        info->ai_addrlen = sizeof(*sin6);
        sin6->sin6_family = AF_INET6;
        sin6->sin6_port = htons((uint16_t)port);
        memcpy(&sin6->sin6_addr, address, sizeof(sin6->sin6_addr));
    }
    return info;
}

void
freeaddrinfo(struct addrinfo* answer)
{
    while (answer)
    {
        struct addrinfo* next = answer->ai_next;
        free(answer->ai_canonname);
        free(answer);
        answer = next;
    }
}

int
getaddrinfo(const char* restrict host,
            const char* restrict service,
            const struct addrinfo* restrict hints,
            struct addrinfo** restrict result)
{
    static const struct
    {
        int type;
        int protocol;
    } kinds[] = {{SOCK_STREAM, IPPROTO_TCP}, {SOCK_DGRAM, IPPROTO_UDP}};

    const struct addrinfo none = {.ai_family = AF_UNSPEC};
    const struct addrinfo* wanted = hints ? hints : &none;
    CALL(pace);
    *result = NULL;
    if (!host && !service)
    {
        return EAI_NONAME;
    }
    const int port = service ? parse_port(service) : 0;
    if (port < 0)
    {
        return EAI_SERVICE;
    }
    struct in_addr v4 = {htonl(wanted->ai_flags & AI_PASSIVE ? INADDR_ANY : INADDR_LOOPBACK)};
    struct in6_addr v6 = wanted->ai_flags & AI_PASSIVE ? in6addr_any : in6addr_loopback;
    int has4 = !host || inet_pton(AF_INET, host, &v4) == 1;
    int has6 = !host || inet_pton(AF_INET6, host, &v6) == 1;
    if (!has4 && !has6)
    {
        return EAI_NONAME;
    }
    if (wanted->ai_family != AF_UNSPEC && wanted->ai_family != AF_INET &&
        wanted->ai_family != AF_INET6)
    {
        return EAI_FAMILY;
    }
    has4 = has4 && wanted->ai_family != AF_INET6;
    has6 = has6 && wanted->ai_family != AF_INET;
    if (!has4 && !has6)
    {
        return EAI_ADDRFAMILY;
    }
    struct addrinfo** end = result;
    for (int family = 0; family < 2; family++)
    {
        for (size_t kind = 0; kind < sizeof(kinds) / sizeof(kinds[0]); kind++)
        {
            if ((wanted->ai_socktype && wanted->ai_socktype != kinds[kind].type) ||
                (wanted->ai_protocol && wanted->ai_protocol != kinds[kind].protocol &&
                 !(kinds[kind].type == SOCK_STREAM && wanted->ai_protocol == PROTOCOL_MPTCP)) ||
                !(family == 0 ? has4 : has6))
            {
                continue;
            }
            const int protocol = wanted->ai_protocol ? wanted->ai_protocol : kinds[kind].protocol;
            *end = family == 0 ? make_answer(AF_INET, kinds[kind].type, protocol, &v4, port)
                               : make_answer(AF_INET6, kinds[kind].type, protocol, &v6, port);
            if (!*end)
            {
                freeaddrinfo(*result);
                *result = NULL;
                return EAI_MEMORY;
            }
            end = &(*end)->ai_next;
        }
    }
    if (!*result)
    {
        return EAI_SOCKTYPE;
    }
    if (wanted->ai_flags & AI_CANONNAME && host)
    {
        (*result)->ai_canonname = strdup(host);
    }
    return 0;
}

int
getnameinfo(const struct sockaddr* restrict name,
            socklen_t length,
            char* restrict host,
            socklen_t host_size,
            char* restrict service,
            socklen_t service_size,
            int flags)
{
    const void* address = NULL;
    unsigned int port = 0;
    if (flags & NI_NAMEREQD)
    {
        return EAI_NONAME;
    }
    if (name->sa_family == AF_INET && length >= sizeof(struct sockaddr_in))
    {
        address = &((const struct sockaddr_in*)name)->sin_addr;
        port = ntohs(((const struct sockaddr_in*)name)->sin_port);
    }
    else if (name->sa_family == AF_INET6 && length >= sizeof(struct sockaddr_in6))
    {
        address = &((const struct sockaddr_in6*)name)->sin6_addr;
        port = ntohs(((const struct sockaddr_in6*)name)->sin6_port);
    }
    else
    {
        return EAI_FAMILY;
    }
    if (host && host_size && !inet_ntop(name->sa_family, address, host, host_size))
    {
        return EAI_OVERFLOW;
    }
    if (service && service_size && snprintf(service, service_size, "%u", port) >= (int)service_size)
    {
        return EAI_OVERFLOW;
    }
    return 0;
}

struct hostent*
gethostbyname(const char* host)
{
    static struct in_addr address;
    static char* addresses[] = {(char*)&address, NULL};
    static char* aliases[] = {NULL};
    static char name[INET_ADDRSTRLEN];
    static struct hostent entry;
    CALL(pace);
    if (inet_pton(AF_INET, host, &address) != 1)
    {
        return NULL;
    }
    inet_ntop(AF_INET, &address, name, sizeof(name));
    entry = (struct hostent){.h_name = name,
                             .h_aliases = aliases,
                             .h_addrtype = AF_INET,
                             .h_length = sizeof(address),
                             .h_addr_list = addresses};
    return &entry;
}
