/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of this folder share. They are linked into each program that runs in a node, and
 * hide there: the program's calls reach them instead of the C library of the host. */
#ifndef SHIM_H
#define SHIM_H

#include "posix-calls.h"

#define VISIBLE __attribute__((visibility("default")))

/* The instance's. */
extern const struct mptcp_posix_calls* mptcp_posix;

/* What main() got as argv[0]. */
extern const char* mptcp_posix_name;

/* A call of the module: CALL(name, arguments...). */
#define CALL(name, ...) mptcp_posix->name(mptcp_posix->self, ##__VA_ARGS__)

/* The result of a call as a C library gives it, with errno. */
#define ANSWER(name, ...) mptcp_posix_answer(CALL(name, ##__VA_ARGS__))

long mptcp_posix_answer(long result);
/* What fails in the shim itself. Set errno and return -1. */
int mptcp_posix_refuse(int error);
/* Note that a call is not there, set errno and return -1. */
int mptcp_posix_unsupported(const char* name);

#endif /* SHIM_H */
