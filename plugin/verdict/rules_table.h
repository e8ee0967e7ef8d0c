/* The table behind rules.c: every key, its place, range and default. Private to
 * the room. */
#ifndef RULES_TABLE_H
#define RULES_TABLE_H

#include "verdict/rules.h"

/* What a row's offset counts from. */
enum rules_scope {
  SCOPE_TOP,      /* struct rules: directly in the plugin's block */
  SCOPE_COMMON,   /* struct incident_rules: in every <Incident> and <Watch> */
  SCOPE_INCIDENT, /* struct rules: in the <Incident> of one kind */
  SCOPE_WATCH     /* struct series_rules: in every <Watch> */
};

struct rules_row {
  enum rules_scope scope;
  enum incident_kind incident; /* SCOPE_INCIDENT only */
  const char *key;
  enum rules_type type;
  bool whole; /* whole numbers only */
  size_t offset;
  double preset, min, max;
  size_t size;         /* strings: bytes of the field */
  const char *text;    /* strings: the default */
  const char *choices; /* a string that is one of "a|b|c", kept as a number */
};

extern const struct rules_row rules_table[];
extern const size_t rules_table_len;

#endif
