// SPDX-License-Identifier: Apache-2.0
// zlib's macros as functions: Swift imports functions only.
#pragma once
#include <zlib.h>

static inline int sync_inflateInit(z_stream *stream) { return inflateInit(stream); }
