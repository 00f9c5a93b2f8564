/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HOST_IN_C_H
#define HOST_IN_C_H

#ifdef __cplusplus
extern "C"
{
#endif

    /*
     * A script engine in C, as small as can be: connects a host to an address, and looks at the
     * first packet. Returns its size in bytes, or a negative errno.
     */
    long HostInC(void);

#ifdef __cplusplus
}
#endif

#endif /* HOST_IN_C_H */
