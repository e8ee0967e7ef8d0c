/* HMAC-SHA256 (RFC 2104, FIPS 180-4), which collectd's network protocol signs
 * with. */
#ifndef SIGNATURE_H
#define SIGNATURE_H

#include <stddef.h>
#include <stdint.h>

enum { SIGNATURE_SIZE = 32 };

void signature_make(const char *key, const void *data, size_t length,
                    uint8_t out[SIGNATURE_SIZE]);

#endif
