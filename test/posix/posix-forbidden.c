/* SPDX-License-Identifier: GPL-2.0-only */
/* Wants what would reach the host: it must not be loaded. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int
main(void)
{
    return rename("a", "b") + chmod("a", 0);
}
