/* SPDX-License-Identifier: GPL-2.0-only */
/* What a C library keeps for a program is an instance's own: posix-state [-a] [-n NUMBER]
 * [WORD...]. Two instances that run at the same time must print what one prints alone. */
#define _GNU_SOURCE
#include "check.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <malloc.h>
#include <netdb.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int counter = 41;
static int zero[1000];

static void
say_goodbye(void)
{
    printf("goodbye %d\n", counter);
}

static void
test_memory(void)
{
    unsigned char* bytes = malloc(5000);
    int sum = 0;
    for (int i = 0; i < 5000; i++)
    {
        sum += bytes[i];
        bytes[i] = 0xff;
    }
    CHECK(sum == 0);
    bytes = realloc(bytes, 10000);
    for (int i = 0; i < 5000; i++)
    {
        sum += bytes[5000 + i];
    }
    CHECK(sum == 0 && bytes[4999] == 0xff);
    free(bytes);
    char* text = strdup("left over");
    CHECK(text && strcmp(text, "left over") == 0);

    void* aligned = NULL;
    CHECK(posix_memalign(&aligned, 4096, 5000) == 0 && (uintptr_t)aligned % 4096 == 0);
    bytes = aligned;
    for (int i = 0; i < 5000; i++)
    {
        sum += bytes[i];
    }
    CHECK(sum == 0);
    free(aligned);
    CHECK(posix_memalign(&aligned, 3, 8) == EINVAL && posix_memalign(&aligned, 4, 8) == EINVAL);
    aligned = aligned_alloc(256, 512);
    CHECK(aligned && (uintptr_t)aligned % 256 == 0);
    memset(aligned, 7, 512);
    aligned = realloc(aligned, 1024);
    CHECK(aligned && ((unsigned char*)aligned)[511] == 7 && ((unsigned char*)aligned)[512] == 0);
    free(aligned);
    aligned = memalign(64, 10);
    CHECK(aligned && (uintptr_t)aligned % 64 == 0);
    aligned = reallocarray(aligned, 10, 10);
    CHECK(aligned);
    errno = 0;
    volatile size_t most = SIZE_MAX;
    CHECK(reallocarray(aligned, most, 2) == NULL && errno == ENOMEM);
    free(aligned);
}

static void
test_strings(void)
{
    char text[40] = "";
    CHECK(strcmp(strerror_r(EBADF, text, sizeof(text)), "Bad file descriptor") == 0);
    CHECK(strcmp(strerror_r(9999, text, sizeof(text)), "Unknown error 9999") == 0);
    CHECK(strcmp(strsignal(SIGPIPE), "Broken pipe") == 0);
    CHECK(strcmp(strsignal(9999), "Unknown signal 9999") == 0);
    CHECK(strxfrm(text, "abc", sizeof(text)) == 3 && strcmp(text, "abc") == 0);
}

static void
test_names(void)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo* found;
    CHECK(getaddrinfo("10.1.2.3", "80", &hints, &found) == 0);
    const struct sockaddr_in* sin = (struct sockaddr_in*)found->ai_addr;
    CHECK(found->ai_family == AF_INET && found->ai_next == NULL);
    CHECK(strcmp(inet_ntoa(sin->sin_addr), "10.1.2.3") == 0 && ntohs(sin->sin_port) == 80);
    freeaddrinfo(found);
    CHECK(getaddrinfo("2001:db8::1", NULL, &hints, &found) == 0 && found->ai_family == AF_INET6);
    freeaddrinfo(found);
    CHECK(getaddrinfo("example.org", "80", &hints, &found) == EAI_NONAME);
    CHECK(getaddrinfo("10.1.2.3", "http", &hints, &found) == EAI_SERVICE);
    hints.ai_flags = AI_PASSIVE;
    CHECK(getaddrinfo(NULL, "8080", &hints, &found) == 0);
    freeaddrinfo(found);

    /* The protocol chooses the type, and must fit to it. */
    hints = (struct addrinfo){.ai_family = AF_UNSPEC, .ai_protocol = IPPROTO_UDP};
    CHECK(getaddrinfo("10.1.2.3", "80", &hints, &found) == 0 && found->ai_next == NULL);
    CHECK(found->ai_socktype == SOCK_DGRAM && found->ai_protocol == IPPROTO_UDP);
    freeaddrinfo(found);
    hints.ai_socktype = SOCK_STREAM;
    CHECK(getaddrinfo("10.1.2.3", "80", &hints, &found) == EAI_SOCKTYPE);
    hints.ai_protocol = 262; /* IPPROTO_MPTCP */
    CHECK(getaddrinfo("10.1.2.3", "80", &hints, &found) == 0);
    CHECK(found->ai_socktype == SOCK_STREAM && found->ai_protocol == 262);
    freeaddrinfo(found);
    hints.ai_socktype = 0;
    CHECK(getaddrinfo("10.1.2.3", "80", &hints, &found) == 0 && found->ai_next == NULL);
    CHECK(found->ai_socktype == SOCK_STREAM);
    freeaddrinfo(found);
}

/* What getopt_long() makes of one command line, as glibc does: its first answer. */
static int
take_first(int argc, char* argv[], const struct option* longs)
{
    optind = 0;
    opterr = 0;
    return getopt_long(argc, argv, "", longs, NULL);
}

static void
test_long_options(void)
{
    const struct option longs[] = {{"output-file", required_argument, NULL, 'f'},
                                   {"output-dir", required_argument, NULL, 'd'},
                                   {"output", required_argument, NULL, 'o'},
                                   {"color", no_argument, NULL, 'c'},
                                   {"colour", no_argument, NULL, 'c'},
                                   {NULL, 0, NULL, 0}};
    char* exact[] = {"prog", "--output", "x", NULL};
    CHECK(take_first(3, exact, longs) == 'o' && strcmp(optarg, "x") == 0);
    char* doubtful[] = {"prog", "--output-", "x", NULL};
    CHECK(take_first(3, doubtful, longs) == '?');
    char* unknown[] = {"prog", "--input", "x", NULL};
    CHECK(take_first(3, unknown, longs) == '?');
    /* Two names of one thing. */
    char* same[] = {"prog", "--col", NULL};
    CHECK(take_first(2, same, longs) == 'c');
    /* Behind another word, with its argument. */
    char* behind[] = {"prog", "word", "--output-f", "file", NULL};
    CHECK(take_first(4, behind, longs) == 'f' && strcmp(optarg, "file") == 0);
    CHECK(getopt_long(4, behind, "", longs, NULL) == -1);
    CHECK(optind == 3 && strcmp(behind[3], "word") == 0);
    char* joined[] = {"prog", "word", "--output-f=file", "other", NULL};
    CHECK(take_first(4, joined, longs) == 'f' && strcmp(optarg, "file") == 0);
    CHECK(getopt_long(4, joined, "", longs, NULL) == -1);
    CHECK(optind == 2 && strcmp(joined[2], "word") == 0 && strcmp(joined[3], "other") == 0);
}

int
main(int argc, char* argv[])
{
    int option;
    CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    CHECK(atexit(say_goodbye) == 0);
    CHECK(zero[999] == 0);
    zero[999] = ++counter;
    while ((option = getopt(argc, argv, "an:")) != -1)
    {
        printf("-%c %s\n", option, option == 'n' ? optarg : "");
        sleep(1);
    }
    for (int i = optind; i < argc; i++)
    {
        printf("word %s\n", argv[i]);
    }
    srand(7);
    char words[] = "first second third";
    for (char* word = strtok(words, " "); word; word = strtok(NULL, " "))
    {
        usleep(500000);
        printf("%s %d\n", word, rand() % 1000);
    }
    errno = ERANGE;
    const struct timespec half = {0, 500000000};
    CHECK(nanosleep(&half, NULL) == 0);
    CHECK(errno == ERANGE);
    errno = 0;
    CHECK(strtol("99999999999999999999", NULL, 10) > 0 && errno == ERANGE);

    struct timeval time_of_day;
    gettimeofday(&time_of_day, NULL);
    CHECK(time_of_day.tv_sec == time(NULL));
    /* UTC wherever the simulation runs. */
    char text[64];
    const time_t day = 86400;
    CHECK(strftime(text, sizeof(text), "%%s %s %08s %_7s %-s %H:%M %Z %", gmtime(&day)) > 0);
    CHECK(strcmp(text, "%s 86400 00086400   86400 86400 00:00 GMT %") == 0);
    CHECK(strftime(text, 4, "%s", gmtime(&day)) == 0);
    test_memory();
    test_strings();
    test_names();
    test_long_options();
    CHECK(getenv("PATH") == NULL);
    fprintf(stderr, "%s\n", strerror(ECONNREFUSED));
    errno = ETIMEDOUT;
    perror("perror");
    printf("out ");
    CHECK(fflush(NULL) == 0 && fflush(stdout) == 0);
    printf("no newline");
    exit(failures ? 1 : counter);
}
