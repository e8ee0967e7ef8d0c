/* Addresses of a reading -> text. Private to the room table. */
#ifndef TABLE_ADDRESS_TEXT_H
#define TABLE_ADDRESS_TEXT_H

#include "table/reading.h"

enum { ADDRESS_TEXT_MAX = 64 }; /* the longest of both has 62 with its end */

/* "0.0.0.0:443", "[::]:443". text: ADDRESS_TEXT_MAX bytes. */
void address_text_listener(const struct listener *listener, char *text);

/* The network that says where the half-open entries come from, and its share of
 * them: "198.51.100.0/24 72 %"; "scattered" where none has a fifth; "" where
 * there are none. reading: finished. */
void address_text_top_source(const struct reading *reading, char *text);

#endif
