// SPDX-License-Identifier: Apache-2.0

/// What a request should hold at least under load: measured best for one ordered lane of fsynced requests.
package enum RequestTarget {
  package static let operations = 1024
  package static let bytes = 512 << 10
}
