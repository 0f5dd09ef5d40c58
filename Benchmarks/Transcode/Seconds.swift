// SPDX-License-Identifier: Apache-2.0
import Glibc

/// CPU seconds of this process.
func seconds() -> Double {
  var now = timespec()
  unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
  return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}
