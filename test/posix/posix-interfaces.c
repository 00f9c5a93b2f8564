/* SPDX-License-Identifier: GPL-2.0-only */
/* Prints the interfaces of its node, and checks that what tells of them agrees. */
#define _GNU_SOURCE
#include "check.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static void
print(const char* before, const struct sockaddr* name)
{
    char text[INET6_ADDRSTRLEN] = "none";
    if (name && name->sa_family == AF_INET)
    {
        inet_ntop(AF_INET, &((const struct sockaddr_in*)name)->sin_addr, text, sizeof(text));
    }
    else if (name && name->sa_family == AF_INET6)
    {
        inet_ntop(AF_INET6, &((const struct sockaddr_in6*)name)->sin6_addr, text, sizeof(text));
    }
    printf("%s%s", before, text);
}

int
main(void)
{
    struct ifaddrs* list;
    CHECK(getifaddrs(&list) == 0);
    for (const struct ifaddrs* entry = list; entry; entry = entry->ifa_next)
    {
        const unsigned int index = if_nametoindex(entry->ifa_name);
        char name[IF_NAMESIZE] = "";
        CHECK(index > 0);
        CHECK(if_indextoname(index, name) == name && strcmp(name, entry->ifa_name) == 0);
        printf("%s %u", entry->ifa_name, index);
        print(" ", entry->ifa_addr);
        print("/", entry->ifa_netmask);
        print(" ", entry->ifa_flags & IFF_BROADCAST ? entry->ifa_broadaddr : NULL);
        printf("%s%s%s%s\n",
               entry->ifa_flags & IFF_UP ? " up" : "",
               entry->ifa_flags & IFF_RUNNING ? " running" : "",
               entry->ifa_flags & IFF_LOOPBACK ? " loopback" : "",
               entry->ifa_flags & IFF_POINTOPOINT ? " point-to-point" : "");
        if (entry->ifa_addr->sa_family == AF_INET6)
        {
            const struct sockaddr_in6* sin6 = (const struct sockaddr_in6*)entry->ifa_addr;
            CHECK(sin6->sin6_scope_id == (IN6_IS_ADDR_LINKLOCAL(&sin6->sin6_addr) ? index : 0));
        }
    }
    freeifaddrs(list);
    freeifaddrs(NULL);
    errno = 0;
    CHECK(if_nametoindex("none such") == 0 && errno == ENODEV);
    errno = 0;
    char name[IF_NAMESIZE];
    CHECK(if_indextoname(77, name) == NULL && errno == ENXIO);
    return failures != 0;
}
