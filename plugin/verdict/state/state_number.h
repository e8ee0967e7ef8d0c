/* One number <-> a word of text, exactly, short and fast: a central server
 * saves millions of them. Private to the room. */
#ifndef VERDICT_STATE_STATE_NUMBER_H
#define VERDICT_STATE_STATE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STATE_NUMBER_MAX = 24 }; /* longer is none that is written here */

/* Each returns the length; nothing is put behind it. */
size_t state_number_print_whole(int64_t number, char *text);

/* Whole numbers and infinity as everybody writes them; others as '~' and the
 * bits of the double, in sixty-fourths from the highest, the zeros at the end
 * left out. */
size_t state_number_print(double number, char *text);

/* The reverse; decimal fractions are understood, too. The token must be a
 * number from end to end. Returns whether it is. */
bool state_number_scan_whole(const char *token, int64_t *out);
bool state_number_scan(const char *token, double *out);

/* strtod of a time, in every locale; a comma counts as the decimal point, for
 * version 1.0.0 wrote it where another plugin had set such a locale. */
double state_number_scan_time(char *text, char **end);

#endif
