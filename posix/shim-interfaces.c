/* SPDX-License-Identifier: GPL-2.0-only */
/* getifaddrs() and its kin. */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

/* All addresses of the node, to be given to free(). Returns NULL without any. */
static struct mptcp_posix_interface*
list_interfaces(size_t* count)
{
    *count = (size_t)CALL(interfaces, NULL, 0);
    struct mptcp_posix_interface* all = calloc(*count, sizeof(*all));
    if (all)
    {
        CALL(interfaces, all, *count);
    }
    return all;
}

int
getifaddrs(struct ifaddrs** result)
{
    /* The list and what it points to, as one piece of memory. */
    struct entry
    {
        struct ifaddrs list;
        struct mptcp_posix_interface interface;
    };

    size_t count;
    struct mptcp_posix_interface* all = list_interfaces(&count);
    struct entry* entries = calloc(count, sizeof(*entries));
    if (!all || !entries)
    {
        free(all);
        free(entries);
        return mptcp_posix_answer(-ENOMEM);
    }
    for (size_t i = 0; i < count; i++)
    {
        struct mptcp_posix_interface* interface = &entries[i].interface;
        *interface = all[i];
        entries[i].list = (struct ifaddrs){.ifa_next = i + 1 < count ? &entries[i + 1].list : NULL,
                                           .ifa_name = interface->name,
                                           .ifa_flags = interface->flags,
                                           .ifa_addr = (struct sockaddr*)&interface->address,
                                           .ifa_netmask = (struct sockaddr*)&interface->mask};
        if (interface->flags & IFF_BROADCAST)
        {
            entries[i].list.ifa_broadaddr = (struct sockaddr*)&interface->broadcast;
        }
    }
    *result = count > 0 ? &entries->list : NULL;
    if (count == 0)
    {
        free(entries);
    }
    free(all);
    return 0;
}

void
freeifaddrs(struct ifaddrs* list)
{
    free(list);
}

unsigned int
if_nametoindex(const char* name)
{
    size_t count;
    struct mptcp_posix_interface* all = list_interfaces(&count);
    unsigned int index = 0;
    for (size_t i = 0; all && i < count && !index; i++)
    {
        index = strcmp(all[i].name, name) == 0 ? all[i].index : 0;
    }
    free(all);
    if (!index)
    {
        mptcp_posix_answer(-ENODEV);
    }
    return index;
}

char*
if_indextoname(unsigned int index, char name[IF_NAMESIZE])
{
    size_t count;
    struct mptcp_posix_interface* all = list_interfaces(&count);
    char* found = NULL;
    for (size_t i = 0; all && i < count && !found; i++)
    {
        found = all[i].index == index ? strcpy(name, all[i].name) : NULL;
    }
    free(all);
    if (!found)
    {
        mptcp_posix_answer(-ENXIO);
    }
    return found;
}
