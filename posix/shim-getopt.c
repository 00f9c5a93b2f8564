/* SPDX-License-Identifier: GPL-2.0-only */
/* getopt() and getopt_long(): each instance reads its own command line. */
#define _GNU_SOURCE
#include "shim.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

char* optarg;
int optind = 1;
int opterr = 1;
int optopt = '?';

static const char* rest;    /* of a word with several short options */
static int last_optind = 1; /* to see that the program has begun anew */

/* Move the word at from to the place to, and those between up. */
static void
move_word(char** argv, int from, int to)
{
    char* word = argv[from];
    memmove(&argv[to + 1], &argv[to], (size_t)(from - to) * sizeof(char*));
    argv[to] = word;
}

static void
complain(char** argv, const char* options, const char* what, const char* option, size_t length)
{
    if (opterr && *options != ':')
    {
        fprintf(stderr, "%s: %s -- '%.*s'\n", argv[0], what, (int)length, option);
    }
}

/* What an option that wants an argument and has none gives. */
static int
missing(const char* options)
{
    return *options == ':' ? ':' : '?';
}

enum
{
    UNKNOWN = -1,
    AMBIGUOUS = -2
};

/* Which option the first bytes of a word name: all of a name before the beginning of one. */
static int
find_long(const char* word, size_t length, const struct option* longs)
{
    int found = UNKNOWN;
    for (int i = 0; longs[i].name; i++)
    {
        if (strncmp(longs[i].name, word, length) != 0)
        {
            continue;
        }
        if (longs[i].name[length] == '\0')
        {
            return i;
        }
        /* As glibc, two names of the same thing are no doubt. */
        if (found == UNKNOWN)
        {
            found = i;
        }
        else if (found != AMBIGUOUS && (longs[i].has_arg != longs[found].has_arg ||
                                        longs[i].flag != longs[found].flag ||
                                        longs[i].val != longs[found].val))
        {
            found = AMBIGUOUS;
        }
    }
    return found;
}

static int
take_long(int argc, char** argv, const char* options, const struct option* longs, int* index)
{
    const char* word = argv[optind++] + 2;
    const size_t length = strcspn(word, "=");
    const int found = find_long(word, length, longs);
    if (found < 0)
    {
        complain(argv,
                 options,
                 found == UNKNOWN ? "unrecognized option" : "ambiguous option",
                 word,
                 length);
        optopt = 0;
        return '?';
    }
    const struct option* option = &longs[found];
    optopt = option->val;
    if (word[length] == '=')
    {
        if (option->has_arg == no_argument)
        {
            complain(argv, options, "option takes no argument", word, length);
            return '?';
        }
        optarg = (char*)word + length + 1;
    }
    else if (option->has_arg == required_argument)
    {
        if (optind >= argc)
        {
            complain(argv, options, "option requires an argument", word, length);
            return missing(options);
        }
        optarg = argv[optind++];
    }
    if (index)
    {
        *index = found;
    }
    if (option->flag)
    {
        *option->flag = option->val;
        return 0;
    }
    return option->val;
}

static int
take_short(int argc, char** argv, const char* options)
{
    const char letter = *rest++;
    const char* known = letter == ':' ? NULL : strchr(options, letter);
    const int last = *rest == '\0';
    optopt = letter;
    if (!known)
    {
        optind += last;
        complain(argv, options, "invalid option", &letter, 1);
        return '?';
    }
    if (known[1] != ':')
    {
        optind += last;
        return letter;
    }
    optind++;
    if (!last)
    {
        optarg = (char*)rest;
        rest = NULL;
    }
    else if (known[2] != ':')
    {
        if (optind >= argc)
        {
            complain(argv, options, "option requires an argument", &letter, 1);
            return missing(options);
        }
        optarg = argv[optind++];
    }
    return letter;
}

/* Whether the next word is the argument of the options in this one. */
static int
wants_next(const char* word, const char* options, const struct option* longs)
{
    if (longs && word[1] == '-')
    {
        const size_t length = strcspn(word + 2, "=");
        const int found = find_long(word + 2, length, longs);
        return found >= 0 && word[2 + length] == '\0' && longs[found].has_arg == required_argument;
    }
    while (*++word)
    {
        const char* known = strchr(options, *word);
        if (known && known[1] == ':')
        {
            return word[1] == '\0' && known[2] != ':';
        }
    }
    return 0;
}

int
getopt_long(
    int argc, char* const* arguments, const char* options, const struct option* longs, int* index)
{
    char** argv = (char**)arguments;
    /* A leading + asks for POSIX's way: the first word that is no option ends them. */
    const int in_order = *options == '+';
    options += in_order;
    optarg = NULL;
    if (optind == 0 || optind != last_optind)
    {
        optind = optind == 0 ? 1 : optind;
        rest = NULL;
    }
    int answer;
    if (!rest || !*rest)
    {
        rest = NULL;
        int next = optind;
        while (next < argc && (argv[next][0] != '-' || argv[next][1] == '\0') && !in_order)
        {
            next++;
        }
        if (next >= argc || argv[next][0] != '-' || argv[next][1] == '\0')
        {
            last_optind = optind;
            return -1;
        }
        /* As glibc, bring options before other words; an option's argument follows it. */
        const int others = next - optind;
        if (!strcmp(argv[next], "--"))
        {
            move_word(argv, next, optind++);
            last_optind = optind;
            return -1;
        }
        if (others > 0)
        {
            const int wants = wants_next(argv[next], options, longs);
            move_word(argv, next, optind);
            if (wants && next + 1 < argc)
            {
                move_word(argv, next + 1, optind + 1);
            }
        }
        if (longs && argv[optind][1] == '-')
        {
            answer = take_long(argc, argv, options, longs, index);
            last_optind = optind;
            return answer;
        }
        rest = argv[optind] + 1;
    }
    answer = take_short(argc, argv, options);
    last_optind = optind;
    return answer;
}

int
getopt(int argc, char* const* argv, const char* options)
{
    return getopt_long(argc, argv, options, NULL, NULL);
}
