// SPDX-License-Identifier: Apache-2.0

@testable import Daemon

/// Swift Testing has an `ExitStatus` of its own: this file does not know it, so here the name means ours.
typealias SyncdStatus = ExitStatus
