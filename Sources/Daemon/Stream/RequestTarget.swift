// SPDX-License-Identifier: Apache-2.0

/// What a request should hold at least under load: measured best for one ordered lane of fsynced requests. Fewer and
/// larger ones cost less CPU a row here, and leave etcd's disk more time for each; a transaction of some size still
/// fits in whole behind it. With etcd's own limit of operations so many nest two deep.
package enum RequestTarget {
  package static let operations = 3840
  package static let bytes = 1 << 20
}
