# SPDX-License-Identifier: GPL-2.0-only
"""Runs the tests, those whose names contain an argument, and counts as ./mptcp test does."""

import pathlib
import sys
import unittest


class Result(unittest.TextTestResult):
    """A line for each test on the standard output, details at the end on the standard error."""

    passed = 0
    _told = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1
        print("pass  " + test.id(), flush=True)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        print("skipped %s: %s" % (test.id(), reason), flush=True)

    def stopTest(self, test):
        super().stopTest(test)
        if self.get_failed() > self._told:
            self._told = self.get_failed()
            print("FAIL  " + test.id(), flush=True)

    def get_failed(self):
        """Tests that failed, whatever number of their parts did."""
        return self.testsRun - self.passed - len(self.skipped)


def select(suite, words):
    """Tests of a suite, one by one."""
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from select(test, words)
        elif not words or any(word in test.id() for word in words):
            yield test


folder = pathlib.Path(__file__).parent
sys.path.insert(0, str(folder))
found = unittest.defaultTestLoader.discover(str(folder), "test_*.py")
tests = unittest.TestSuite(select(found, sys.argv[1:]))
count = tests.countTestCases()
result = unittest.TextTestRunner(resultclass=Result, verbosity=0, stream=sys.stderr).run(tests)
print("%d passed, %d failed, %d skipped" % (result.passed, result.get_failed(),
                                            len(result.skipped)))
sys.exit(0 if result.wasSuccessful() and count > 0 else 1)
